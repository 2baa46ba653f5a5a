namespace Gateway.LoadTest.Measure.Accounting;

/// <summary>The result of a drain: the outcome of every event that was sent.</summary>
/// <param name="SettledInTime">All accepted events were settled before the limit.</param>
/// <param name="Seconds">From the last response until all accepted events were settled.</param>
/// <param name="Routing">Null when the routing service could not be checked.</param>
internal sealed record Account(
    bool SettledInTime, double Seconds, AccountedEvents Events, RoutingCheck? Routing, SettledRate? Rate,
    IReadOnlyList<DrainProgress> Progress)
{
    /// <summary>The check that was skipped, and why; null when all checks were made.</summary>
    public string? Unchecked { get; init; }

    /// <summary>The failed checks, one sentence each.</summary>
    public IReadOnlyList<string> Faults => [.. FaultsOf()];

    private IEnumerable<string> FaultsOf()
    {
        if (Events.LostCount > 0) yield return $"{Events.LostCount:N0} accepted events are lost, e.g. {Examples(Events.Lost)}.";
        if (Events.TwiceCount > 0) yield return $"{Events.TwiceCount:N0} events are listed twice, e.g. {Examples(Events.Twice)}.";
        if (Events.InventedCount > 0)
            yield return $"{Events.InventedCount:N0} listed events were never sent, e.g. {Examples(Events.Invented)}.";
        if (Events.Pending > 0) yield return $"{Events.Pending:N0} events are still pending after {Seconds:N0} s.";
        else if (!SettledInTime && Events.LostCount == 0) yield return $"The counts did not settle within {Seconds:N0} s.";
        if (Routing is null) yield break;
        if (Routing.Doubled > 0) yield return $"{Routing.Doubled:N0} events were routed twice without a failed call.";
        if (Routing.DistinctKeys < Events.Routed)
        {
            yield return $"{Events.Routed:N0} events are marked as routed, but the routing service received only "
                + $"{Routing.DistinctKeys:N0}.";
        }
    }

    private static string Examples(IReadOnlyList<string> keys) => string.Join(", ", keys.Take(3));
}

/// <summary>One line of the account; null is a figure without a check.</summary>
internal sealed record AccountLine(string What, long Count, bool? IsRight);

internal static class AccountLines
{
    public static IEnumerable<AccountLine> Of(Account account)
    {
        var events = account.Events;
        yield return new("accepted", events.Accepted, null);
        yield return new("lost", events.LostCount, events.LostCount == 0);
        yield return new("listed twice", events.TwiceCount, events.TwiceCount == 0);
        yield return new("never sent, but listed", events.InventedCount, events.InventedCount == 0);
        yield return new("unknown (503 or no response)", events.Unknown, null);
        yield return new("unknown, but stored", events.UnknownStored, null);
        yield return new("processed", events.Processed, null);
        foreach (var (outcome, count) in events.FailedByOutcome) yield return new($"failed: {outcome}", count, null);
        yield return new("still pending", events.Pending, events.Pending == 0);
        if (account.Routing is not { } routing) yield break;
        yield return new(
            "routed, according to the routing service", routing.DistinctKeys, routing.DistinctKeys >= events.Routed);
        yield return new("routed twice after a failed call", Math.Min(routing.RepeatedKeys, routing.Explained), null);
        yield return new("routed twice without a failed call", routing.Doubled, routing.Doubled == 0);
    }
}
