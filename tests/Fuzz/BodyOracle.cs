using System.Text;
using System.Text.Json;

namespace Gateway.Fuzz;

/// <summary>An oracle for bodies of the built-in source; it shares no code with the gateway.</summary>
internal static class BodyOracle
{
    private static readonly string[] Ids = ["eventId", "merchantId", "shippingCompanyId", "shipmentId"];
    private static readonly string[] Types = ["SHIPMENT_CREATED", "SHIPMENT_UPDATED", "SHIPMENT_CANCELLED", "SHIPMENT_DELIVERED"];

    /// <summary>Why a body must be rejected, or null.</summary>
    public static string? MistakeIn(byte[] body)
    {
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body);
            using var json = JsonDocument.Parse(text.StartsWith('\uFEFF') ? text[1..] : text);
            return json.RootElement.ValueKind != JsonValueKind.Object ? "no object" : MistakeIn(json.RootElement);
        }
        catch (Exception broken) when (broken is DecoderFallbackException or JsonException or InvalidOperationException)
        {
            return broken.Message;
        }
    }

    private static string? MistakeIn(JsonElement root)
    {
        foreach (var id in Ids)
        {
            if (TextOf(root, id) is not { } text) return $"{id} is no text";
            if (string.IsNullOrWhiteSpace(text)) return $"{id} is blank";
            if (text.Any(char.IsControl)) return $"{id} has control characters";
            if (text.EnumerateRunes().Count() > 256 || Encoding.UTF8.GetByteCount(text) > 512) return $"{id} is too long";
        }

        if (!Types.Contains(TextOf(root, "type"))) return "unknown type";
        if (TextOf(root, "occurredAt") is not { Length: >= 7 } time || !time.Any(char.IsAsciiDigit) || time.Any(char.IsControl))
            return "no time";
        return root.TryGetProperty("payload", out var payload) && payload.ValueKind == JsonValueKind.Object ? null : "no payload";
    }

    private static string? TextOf(JsonElement root, string name)
        => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
