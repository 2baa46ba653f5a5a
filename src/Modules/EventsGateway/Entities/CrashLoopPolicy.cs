namespace Gateway.EventsGateway.Entities;

/// <summary>
/// What happens to an event whose workers die while they process it:
/// <code>
/// abandoned attempts in a row   1     2     3     4     5      6      7      8      9      10
/// due again after               1 s   2 s   4 s   8 s   16 s   32 s   60 s   60 s   60 s   failed: poison
/// runs beside other events      yes   yes   yes   yes   isolated
/// </code>
/// An event that was only processed at the same time as the cause of the crashes does not fail: the waits between its attempts
/// grow, so that it does not reach its tenth attempt within 20 crashes.
/// </summary>
internal static class CrashLoopPolicy
{
    /// <summary>From this many abandoned attempts on, the event runs isolated. The stores have an index for it.</summary>
    public const int IsolatedFrom = 5;

    /// <summary>This many abandoned attempts in a row fail the event.</summary>
    public const int PoisonAt = 10;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    public static readonly string PoisonError
        = $"{PoisonAt} attempts in a row were abandoned, {PoisonAt - IsolatedFrom} of them isolated";

    /// <summary>The state of an event after its claim has expired.</summary>
    /// <param name="before">Abandoned attempts in a row before this one.</param>
    public static ExpiredClaim Expire(int before)
    {
        var abandoned = before + 1;
        if (abandoned >= PoisonAt) return new ExpiredClaim(abandoned, Wait: null, FailureReason.Poison, PoisonError);
        var wait = TimeSpan.FromSeconds(Math.Pow(2, before));
        return new ExpiredClaim(abandoned, wait < LongestWait ? wait : LongestWait, Reason: null, Error: null);
    }
}

/// <param name="AbandonedAttempts">In a row, this one included.</param>
/// <param name="Wait">The time until the event is due again; null if it failed.</param>
/// <param name="Reason">Why the event failed; null if it is due again.</param>
/// <param name="Error">Null if the event is due again: it keeps its last error.</param>
internal sealed record ExpiredClaim(int AbandonedAttempts, TimeSpan? Wait, FailureReason? Reason, string? Error)
{
    public EventStatus Status => Reason is null ? EventStatus.Pending : EventStatus.Failed;
}
