namespace Gateway.LoadTest.Measure.Accounting;

/// <summary>
/// The worker's rate, from the times at which the gateway processed the events. The first tenth is left out because it shares the
/// machine with the load, the last tenth because it waits for retries.
/// </summary>
/// <param name="Overall">Events per second from the first to the last processed event.</param>
/// <param name="Middle">Events per second between 10 % and 90 % of the events.</param>
internal sealed record SettledRate(double Overall, double Middle)
{
    private const int MinEvents = 500;

    /// <summary>Null for fewer than 500 events: too few for a rate.</summary>
    public static SettledRate? Of(IEnumerable<EventRow> rows)
    {
        DateTimeOffset[] times = [.. rows.Select(row => row.ProcessedAt).OfType<DateTimeOffset>().Order()];
        if (times.Length < MinEvents) return null;
        return new SettledRate(Between(times, 0, times.Length - 1), Between(times, times.Length / 10, times.Length * 9 / 10));
    }

    private static double Between(DateTimeOffset[] times, int first, int last)
        => (last - first) / Math.Max((times[last] - times[first]).TotalSeconds, 0.001);
}
