namespace Gateway.EventsGateway.Entities;

internal enum EventStatus
{
    /// <summary>Waiting, being tried, or waiting for its next try.</summary>
    Pending,

    /// <summary>Took effect, or was found to need none.</summary>
    Processed,

    /// <summary>Given up. Only a replay or a re-send brings it back.</summary>
    Failed,
}

internal static class EventStatusText
{
    public const string All = "pending, processed or failed";

    public static string Text(this EventStatus status) => status switch
    {
        EventStatus.Pending => "pending",
        EventStatus.Processed => "processed",
        EventStatus.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    public static EventStatus? Parse(string? text) => text switch
    {
        "pending" => EventStatus.Pending,
        "processed" => EventStatus.Processed,
        "failed" => EventStatus.Failed,
        _ => null,
    };
}

/// <summary>How a settled event ended, and why a failed one was given up.</summary>
internal static class EventOutcome
{
    public const string Routed = "routed";
    public const string Late = "late";
    public const string ShipmentEnded = "shipment-ended";
    public const string RejectedByRouter = "rejected-by-router";
    public const string RetriesExhausted = "retries-exhausted";
    public const string DeadlineExceeded = "deadline-exceeded";
    public const string Poison = "poison";

    /// <summary>Nobody could read it: kept with its bytes, and no replay brings it back.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>The store refuses it as it is: kept with its bytes, and no replay brings it back.</summary>
    public const string Unstorable = "unstorable";

    public const string OfFailedText = "shipment-ended, rejected-by-router, retries-exhausted, deadline-exceeded, poison, unreadable or unstorable";
    public const string AllText = $"{Routed}, {Late}, {OfFailedText}";

    /// <summary>What a failed event ended by.</summary>
    public static readonly IReadOnlyList<string> OfFailed = [ShipmentEnded, RejectedByRouter, RetriesExhausted, DeadlineExceeded, Poison, Unreadable, Unstorable];

    public static readonly IReadOnlyList<string> All = [Routed, Late, .. OfFailed];

    /// <summary>Their errors are few: an answer of the routing service, its silence. Those of the others name ids.</summary>
    public static readonly IReadOnlyList<string> WithFewErrors = [RetriesExhausted, RejectedByRouter, DeadlineExceeded];

    /// <summary>No replay brings these back: they have no life to begin.</summary>
    public static readonly IReadOnlyList<string> Defects = [Unreadable, Unstorable, Erased];

    /// <summary>An operator had it removed; its row is about to go.</summary>
    public const string Erased = "erased";

    /// <summary>In the row and in the log alike.</summary>
    public const string PoisonReason = "10 attempts in a row were abandoned, 5 of them isolated";
}
