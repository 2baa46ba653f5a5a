namespace Gateway.EventsGateway.Entities;

/// <summary>Why an event failed. A replay makes it pending again, except where its bytes have a defect.</summary>
internal enum FailureReason
{
    /// <summary>It occurred after the end of its shipment.</summary>
    ShipmentEnded,

    /// <summary>The routing service answered a permanent status.</summary>
    RejectedByRouter,

    /// <summary>No retry is left.</summary>
    RetriesExhausted,

    /// <summary>An attempt failed after the deadline (GiveUpAfter), or the circuit was open for that long.</summary>
    DeadlineExceeded,

    /// <summary>Its worker died during too many attempts in a row.</summary>
    Poison,

    /// <summary>A queued message is not an event. It is kept with its bytes; a replay does not help.</summary>
    Unreadable,

    /// <summary>The store rejects the row. It is kept with its bytes; a replay does not help.</summary>
    Unstorable,

    /// <summary>The request is authentic, but its source's mapping finds no event in it. It is kept with its bytes.</summary>
    Unmapped,
}

/// <summary>The texts of the reasons on the wire and in the stores; every list of reasons comes from here.</summary>
internal static class FailureReasonText
{
    public const string ShipmentEnded = "shipment-ended";
    public const string RejectedByRouter = "rejected-by-router";
    public const string RetriesExhausted = "retries-exhausted";
    public const string DeadlineExceeded = "deadline-exceeded";
    public const string Poison = "poison";
    public const string Unreadable = "unreadable";
    public const string Unstorable = "unstorable";
    public const string Unmapped = "unmapped";

    /// <summary>For descriptions and error messages.</summary>
    public const string OneOf =
        $"{ShipmentEnded}, {RejectedByRouter}, {RetriesExhausted}, {DeadlineExceeded}, {Poison}, {Unreadable}, "
        + $"{Unstorable} or {Unmapped}";

    public static readonly IReadOnlyList<string> All = [.. Enum.GetValues<FailureReason>().Select(Text)];

    public static string Text(this FailureReason reason) => reason switch
    {
        FailureReason.ShipmentEnded => ShipmentEnded,
        FailureReason.RejectedByRouter => RejectedByRouter,
        FailureReason.RetriesExhausted => RetriesExhausted,
        FailureReason.DeadlineExceeded => DeadlineExceeded,
        FailureReason.Poison => Poison,
        FailureReason.Unreadable => Unreadable,
        FailureReason.Unstorable => Unstorable,
        FailureReason.Unmapped => Unmapped,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    public static FailureReason? Parse(string? text)
        => Enum.GetValues<FailureReason>().Cast<FailureReason?>().FirstOrDefault(reason => reason!.Value.Text() == text);
}

/// <summary>The field <c>outcome</c> of an event: how it was completed, or why it failed.</summary>
internal static class EventOutcome
{
    public const string Routed = "routed";
    public const string Late = "late";

    /// <summary>An operator erased the event; the row is about to be removed.</summary>
    public const string Erased = "erased";

    /// <summary>For descriptions and error messages.</summary>
    public const string OneOf = $"{Routed}, {Late}, {FailureReasonText.OneOf}";

    public static readonly IReadOnlyList<string> All = [Routed, Late, .. FailureReasonText.All];

    /// <summary>Failures are grouped by these errors too: they repeat. Errors of the other reasons contain ids.</summary>
    public static readonly IReadOnlyList<string> GroupedByError =
        [FailureReasonText.RetriesExhausted, FailureReasonText.RejectedByRouter, FailureReasonText.DeadlineExceeded];

    /// <summary>
    /// A replay makes the event pending again: it failed, or was dismissed, without a defect of its bytes, or was late.
    /// </summary>
    public static bool IsReplayable(EventStatus status, string? outcome)
        => status is EventStatus.Failed or EventStatus.Dismissed ? !NotReplayable.Contains(outcome) : outcome == Late;

    public static readonly IReadOnlyList<string> NotReplayable =
        [FailureReasonText.Unreadable, FailureReasonText.Unstorable, FailureReasonText.Unmapped, Erased];
}
