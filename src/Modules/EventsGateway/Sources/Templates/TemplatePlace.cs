using Gateway.EventsGateway.Sources.Bodies;

namespace Gateway.EventsGateway.Sources.Templates;

/// <summary>Where a template stands: what it may read there.</summary>
internal sealed record TemplatePlace
{
    private const ReferenceKinds OfRequest =
        ReferenceKinds.Path | ReferenceKinds.Header | ReferenceKinds.Query | ReferenceKinds.Route;

    private static readonly PathRoot[] ItemOnly = [PathRoot.Item];

    private TemplatePlace(ReferenceKinds allowed) => Allowed = allowed;

    /// <summary>The value that is compared with the proof.</summary>
    public static TemplatePlace Signature { get; } = new(OfRequest) { IsOneReference = true };

    public static TemplatePlace Timestamp { get; } = new(OfRequest | ReferenceKinds.Pair) { IsOneReference = true };

    public static TemplatePlace Content { get; } = new(ReferenceKinds.Path | ReferenceKinds.Header
        | ReferenceKinds.Pair | ReferenceKinds.Body | ReferenceKinds.Secret | ReferenceKinds.Timestamp);

    public static TemplatePlace Take { get; } = new(OfRequest) { HasFallbacks = true, Roots = [PathRoot.Item, PathRoot.Inner] };

    public static TemplatePlace Id { get; }
        = Take with { Allowed = OfRequest | ReferenceKinds.Digest, Roots = Enum.GetValues<PathRoot>() };

    /// <summary>Merchant, shipment, type, origin, destination, weight.</summary>
    public static TemplatePlace Field { get; } = Id with { Allowed = OfRequest };

    public static TemplatePlace OccurredAt { get; } = Id with { Allowed = OfRequest | ReferenceKinds.Received };

    /// <summary>What of a request tells that it is a handshake.</summary>
    public static TemplatePlace Handshake { get; } = new(ReferenceKinds.Path | ReferenceKinds.Body) { IsOneReference = true };

    public static TemplatePlace HandshakeAnswer { get; } = new(ReferenceKinds.Path | ReferenceKinds.Query) { IsEcho = true };

    public static TemplatePlace Answer { get; }
        = new(OfRequest | ReferenceKinds.Id) { HasFallbacks = true, IsEcho = true, IsOptional = true };

    public ReferenceKinds Allowed { get; private init; }

    public IReadOnlyCollection<PathRoot> Roots { get; private init; } = ItemOnly;

    /// <summary>Whether <c>??</c> and <c>?</c> may stand there.</summary>
    public bool HasFallbacks { get; private init; }

    /// <summary>One reference, with no text around it.</summary>
    public bool IsOneReference { get; private init; }

    /// <summary>Values go back to the sender: one that is long or could be markup counts as missing.</summary>
    public bool IsEcho { get; private init; }

    /// <summary>A missing value is empty text, everywhere in the template.</summary>
    public bool IsOptional { get; private init; }
}
