namespace Gateway.EventsGateway.Sources.Mapping;

/// <summary>The mapping of a source as it is configured; presets are merged already.</summary>
internal sealed record MappingDefinition
{
    public string? Inner { get; init; }

    public string? Each { get; init; }

    public IReadOnlyList<TakeDefinition> Take { get; init; } = [];

    public string? Merchant { get; init; }

    public string Id { get; init; } = "{digest}";

    public string? Shipment { get; init; }

    public string? Type { get; init; }

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Types { get; init; }
        = new Dictionary<string, IReadOnlyList<string>>();

    public TimeDefinition OccurredAt { get; init; } = new("{received}");

    /// <summary>Null: never there.</summary>
    public string? Origin { get; init; } = "$.origin";

    public string? Destination { get; init; } = "$.destination";

    public string? Weight { get; init; } = "$.weight";

    /// <summary>Of <c>Verify</c>; the digest is made of it where it covers a part of the body. Null: unsigned.</summary>
    public string? Content { get; init; }
}

/// <summary>A request is skipped unless the value is one of the texts; <c>Keep</c>: its body is kept for the operator.</summary>
internal sealed record TakeDefinition(string Value, IReadOnlyList<string> Is, bool Keep = false);

internal sealed record TimeDefinition(string Value, string? Format = null, string? Zone = null);
