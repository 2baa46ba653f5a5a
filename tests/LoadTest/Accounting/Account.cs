namespace Gateway.LoadTest.Accounting;

/// <summary>The result of a drain.</summary>
/// <param name="SettledInTime">Nothing was pending any more before the limit.</param>
/// <param name="Seconds">From the last answer until all was settled.</param>
/// <param name="Routing">Null when it could not be checked.</param>
internal sealed record Account(
    bool SettledInTime, double Seconds, Books Books, RoutingCheck? Routing, SettledRate? Rate, IReadOnlyList<DrainMoment> Moments)
{
    /// <summary>What was left unchecked, and why; null when nothing was.</summary>
    public string? Unchecked { get; init; }

    /// <summary>What does not add up, a sentence each.</summary>
    public IReadOnlyList<string> Faults => [.. FaultsOf()];

    private IEnumerable<string> FaultsOf()
    {
        if (Books.LostCount > 0) yield return $"{Books.LostCount:N0} accepted events are lost, e.g. {Some(Books.Lost)}.";
        if (Books.TwiceCount > 0) yield return $"{Books.TwiceCount:N0} events are listed twice, e.g. {Some(Books.Twice)}.";
        if (Books.InventedCount > 0) yield return $"{Books.InventedCount:N0} events are listed that were never sent, e.g. {Some(Books.Invented)}.";
        if (Books.Pending > 0) yield return $"{Books.Pending:N0} events are still pending after {Seconds:N0} s.";
        else if (!SettledInTime && Books.LostCount == 0) yield return $"The counts did not settle within {Seconds:N0} s.";
        if (Routing is null) yield break;
        if (Routing.Doubled > 0) yield return $"{Routing.Doubled:N0} events were routed twice without an attempt that explains it.";
        if (Routing.DistinctKeys < Books.Routed)
        {
            yield return $"{Books.Routed:N0} events say that they were routed; the routing service knows "
                + $"{Routing.DistinctKeys:N0}.";
        }
    }

    private static string Some(IReadOnlyList<string> keys) => string.Join(", ", keys.Take(3));
}
