namespace Gateway.EventsGateway.Entities;

internal enum EventStatus
{
    /// <summary>Waiting for an attempt, or in work.</summary>
    Pending,

    /// <summary>Routed, or too late to be routed.</summary>
    Processed,

    /// <summary>No more attempts. Only a replay or a resubmission makes it pending again.</summary>
    Failed,

    /// <summary>An operator is done with it. Only a replay makes it pending again; a resubmission is a duplicate.</summary>
    Dismissed,
}

internal static class EventStatusText
{
    public const string All = "pending, processed, failed or dismissed";

    public static string Text(this EventStatus status) => status switch
    {
        EventStatus.Pending => "pending",
        EventStatus.Processed => "processed",
        EventStatus.Failed => "failed",
        EventStatus.Dismissed => "dismissed",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    public static EventStatus? Parse(string? text) => text switch
    {
        "pending" => EventStatus.Pending,
        "processed" => EventStatus.Processed,
        "failed" => EventStatus.Failed,
        "dismissed" => EventStatus.Dismissed,
        _ => null,
    };
}
