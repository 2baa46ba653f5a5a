using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Repositories;

internal enum AttemptOutcomeKind
{
    Processed,
    Failed,

    /// <summary>Pending again, due after the wait, one attempt poorer.</summary>
    Retry,

    /// <summary>Handed back: due after the wait, nothing counted.</summary>
    Released,
}

/// <summary>What one attempt came to: all that its single write needs.</summary>
internal sealed record AttemptOutcome
{
    public required EventKey Key { get; init; }

    public required Guid Token { get; init; }

    public required AttemptOutcomeKind End { get; init; }

    /// <summary>One of <see cref="EventOutcome"/> for a settled event.</summary>
    public string? Outcome { get; init; }

    public string? RouteId { get; init; }

    public string? Error { get; init; }

    public TimeSpan Wait { get; init; }

    /// <summary>The routing service answered, or stayed silent: the attempt counts.</summary>
    public bool Spent { get; init; }

    /// <summary>For the history; null where nothing worth telling happened.</summary>
    public AttemptRecord? Record { get; init; }

    /// <summary>It stands in the history instead of the last line, which nobody changes while the claim is held.</summary>
    public bool ReplacesLast { get; init; }

    /// <summary>The signed bytes, for stores that show readers what is in them; empty where nothing is to be shown.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }
}
