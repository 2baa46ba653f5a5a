using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Sources.Templates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.EventsGateway.Sources;

/// <summary>
/// The values of a request beside its body that the mapping of its source reads, by their references such as
/// <c>header.X-Topic</c>. They are kept with a request that could not be mapped, so that a better mapping can be applied to it
/// later. The proof itself is never kept: it would be a stored secret.
/// </summary>
internal static class KeptValues
{
    /// <summary>Beyond it no more values are kept; a later mapping finds them missing.</summary>
    private const int MaxCharacters = 8192;

    public const ReferenceKinds Kinds = ReferenceKinds.Header | ReferenceKinds.Query | ReferenceKinds.Route
        | ReferenceKinds.Pair | ReferenceKinds.Timestamp;

    private const string Header = "header.", Query = "query.", Route = "route.", Pair = "pair.", Timestamp = "timestamp";

    /// <summary>A JSON object of texts, like kept headers; null where the mapping reads nothing of this kind.</summary>
    public static string? Of(Source source, RequestValues request)
    {
        var (kept, left) = (new Dictionary<string, string>(), MaxCharacters);
        foreach (var reference in source.MappedParts)
        {
            var value = ValueOf(reference, request);
            if (value is null || value.Length > left || !kept.TryAdd(reference.ToString(), value)) continue;
            left -= value.Length;
        }

        return kept.Count == 0 ? null : JsonSerializer.Serialize(kept, EventJson.Default.DictionaryStringString);
    }

    public static string? ValueOf(Reference reference, RequestValues request) => reference.Kind switch
    {
        ReferenceKinds.Header => request.Header(reference.Name),
        ReferenceKinds.Query => request.Query(reference.Name),
        ReferenceKinds.Route => request.Route(reference.Name),
        ReferenceKinds.Pair => request.Pair(reference.Name),
        _ => request.Timestamp,
    };

    public static RequestValues Read(string? json)
    {
        var kept = json is null ? null : JsonSerializer.Deserialize(json, EventJson.Default.DictionaryStringString);
        return new RequestValues(
            new HeaderDictionary(Values(kept, Header, StringComparer.OrdinalIgnoreCase)),
            new QueryCollection(Values(kept, Query, StringComparer.Ordinal)),
            Texts(kept, Route))
        {
            Pairs = Texts(kept, Pair), Timestamp = kept?.GetValueOrDefault(Timestamp),
        };
    }

    private static Dictionary<string, string> Texts(Dictionary<string, string>? kept, string kind)
        => Values(kept, kind, StringComparer.Ordinal).ToDictionary(value => value.Key, value => value.Value.ToString());

    private static Dictionary<string, StringValues> Values(Dictionary<string, string>? kept, string kind, StringComparer comparer)
        => (kept ?? []).Where(value => value.Key.StartsWith(kind, StringComparison.Ordinal))
            .ToDictionary(value => value.Key[kind.Length..], value => new StringValues(value.Value), comparer);
}
