using System.Text.Json;
using Gateway.Shared.Errors;
using Gateway.Shared.Json;

namespace Gateway.EventsGateway.Features.ReceiveEvent.Rejections;

/// <summary>Finds members that are known fields in another spelling: <c>event_id</c>, <c>EventID</c>, <c>event-id</c>.</summary>
internal static class MisspelledFields
{
    private static readonly JsonDocumentOptions Json = new() { MaxDepth = JsonBody.MaxDepth };

    /// <summary>Empty without a misspelled field. The spelling is all of the body that it repeats.</summary>
    public static string HintOf(IReadOnlyDictionary<string, string[]> fields, ReadOnlySpan<byte> body)
    {
        using var json = JsonDocument.Parse(JsonBody.WithoutBom(body).ToArray(), Json);
        var members = json.RootElement.EnumerateObject().Select(NameOf).ToHashSet();
        return string.Concat(
            from field in fields.Keys.Where(field => !members.Contains(field))
            from member in members
                .Where(member => Letters(member).Equals(Letters(field), StringComparison.OrdinalIgnoreCase)).Take(1)
            select $"; the body has {OutsideText.Clean(member)}: did you mean {field}?");
    }

    private static string Letters(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit));

    private static string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return "";
        }
    }
}
