using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.EventsGateway.Sources.Templates;

/// <summary>What of a request templates read beside its body. Null: absent, or there more than once.</summary>
internal sealed class RequestValues(IHeaderDictionary headers, IQueryCollection query, IReadOnlyDictionary<string, string> route)
{
    public IHeaderDictionary Headers => headers;

    /// <summary>Of a sample, which has no query.</summary>
    public static RequestValues Of(IReadOnlyDictionary<string, string> headers, IReadOnlyDictionary<string, string> route) => new(
        new HeaderDictionary(headers.ToDictionary(header => header.Key, header => new StringValues(header.Value))),
        new QueryCollection(), route);

    /// <summary>The fields of a signature header, set by the verifier that parses it.</summary>
    public IReadOnlyDictionary<string, string>? Pairs { get; set; }

    /// <summary>The timestamp as the sender wrote it, set by the verifier.</summary>
    public string? Timestamp { get; set; }

    /// <summary>The name in any case.</summary>
    public string? Header(string name) => Single(headers[name]);

    /// <summary>The name in its exact case; the collection itself would take any.</summary>
    public string? Query(string name)
    {
        foreach (var (key, values) in query) if (key == name) return Single(values);
        return null;
    }

    public string? Route(string name) => route.GetValueOrDefault(name);

    public string? Pair(string name) => Pairs?.GetValueOrDefault(name);

    private static string? Single(StringValues values) => values.Count == 1 ? values[0] : null;
}
