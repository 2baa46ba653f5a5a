using Gateway.LoadTest.Operator;

namespace Gateway.LoadTest.Accounting;

/// <summary>
/// The worker's speed, by its own clock: the moments at which rows were processed, to the millisecond. Between the first and the
/// last tenth: the beginning shares the machine with the load, and the end waits for the last retries.
/// </summary>
/// <param name="Overall">From the first processed event to the last.</param>
/// <param name="Middle">Between 10 % and 90 % of them.</param>
internal sealed record SettledRate(double Overall, double Middle)
{
    private const int Fewest = 500;

    /// <summary>Null for fewer than 500 events: that is no rate.</summary>
    public static SettledRate? Of(IEnumerable<EventRow> rows)
    {
        DateTimeOffset[] times = [.. rows.Select(row => row.ProcessedAt).OfType<DateTimeOffset>().Order()];
        if (times.Length < Fewest) return null;
        return new SettledRate(Between(times, 0, times.Length - 1), Between(times, times.Length / 10, times.Length * 9 / 10));
    }

    private static double Between(DateTimeOffset[] times, int first, int last)
        => (last - first) / Math.Max((times[last] - times[first]).TotalSeconds, 0.001);
}
