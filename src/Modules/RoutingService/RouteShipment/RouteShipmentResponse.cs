using System.Text.Json.Serialization;

namespace Gateway.RoutingService.RouteShipment;

/// <summary>The original's response: these members, in this order.</summary>
public sealed record RouteShipmentResponse
{
    [JsonPropertyName("routed")] public required bool Routed { get; init; }

    [JsonPropertyName("routeId"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RouteId { get; init; }

    /// <summary>ISO 8601 with milliseconds, UTC.</summary>
    [JsonPropertyName("processedAt"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ProcessedAt { get; init; }
}
