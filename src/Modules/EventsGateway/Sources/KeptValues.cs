using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.EventsGateway.Sources.Templates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.EventsGateway.Sources;

/// <summary>
/// The values of a request beside its body that the mapping of its source reads. They are kept with a request that could not be
/// mapped, so that a better mapping can be applied to it later. The proof itself is never kept: it would be a stored secret.
/// </summary>
internal static class KeptValues
{
    /// <summary>Beyond it no more values are kept; a later mapping finds them missing.</summary>
    private const int MaxCharacters = 8192;

    public static string Of(Source source, RequestValues request)
    {
        var (kept, left) = (new Kept(), MaxCharacters);
        foreach (var reference in source.MappedParts)
        {
            var (into, value) = reference.Kind switch
            {
                ReferenceKinds.Header => (kept.Header, request.Header(reference.Name)),
                ReferenceKinds.Query => (kept.Query, request.Query(reference.Name)),
                ReferenceKinds.Route => (kept.Route, request.Route(reference.Name)),
                _ => (kept.Route, null),
            };
            if (value is null || value.Length > left || !into.TryAdd(reference.Name, value)) continue;
            left -= value.Length;
        }

        return JsonSerializer.Serialize(kept, KeptJson.Default.Kept);
    }

    public static RequestValues Read(string? json)
    {
        var kept = json is null ? new Kept() : JsonSerializer.Deserialize(json, KeptJson.Default.Kept) ?? new Kept();
        return new RequestValues(
            new HeaderDictionary(Values(kept.Header, StringComparer.OrdinalIgnoreCase)),
            new QueryCollection(Values(kept.Query, StringComparer.Ordinal)),
            kept.Route);
    }

    private static Dictionary<string, StringValues> Values(Dictionary<string, string> kept, StringComparer comparer)
        => kept.ToDictionary(value => value.Key, value => new StringValues(value.Value), comparer);
}

/// <summary>By name, for each place of a request.</summary>
internal sealed record Kept
{
    public Dictionary<string, string> Header { get; init; } = [];

    public Dictionary<string, string> Query { get; init; } = [];

    public Dictionary<string, string> Route { get; init; } = [];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Kept))]
internal sealed partial class KeptJson : JsonSerializerContext;
