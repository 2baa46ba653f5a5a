namespace Gateway.EventsGateway.Entities;

/// <summary>
/// The events that a circuit or a pause concerns: of one source, of one merchant, of one merchant at one source, or all. No
/// container is among them: it has no merchant and calls no service.
/// </summary>
/// <param name="Source">Null: any.</param>
/// <param name="MerchantId">Null: any.</param>
internal sealed record RoutingScope(string? Source, string? MerchantId)
{
    public static readonly RoutingScope All = new(null, null);

    /// <summary>The scope of its circuit.</summary>
    public static RoutingScope Of(EventEntity e) => new(e.Source, e.MerchantId);

    public bool Contains(EventEntity e)
        => !e.IsContainer && (Source ?? e.Source) == e.Source && (MerchantId ?? e.MerchantId) == e.MerchantId;

    public override string ToString() => (Source, MerchantId) switch
    {
        (null, null) => "all merchants",
        (null, _) => $"merchant {MerchantId}",
        (_, null) => $"source {Source}",
        _ => $"merchant {MerchantId} of source {Source}",
    };
}
