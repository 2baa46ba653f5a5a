using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Monitoring.History;

/// <summary>How fine the history is, and how long it is kept.</summary>
/// <param name="Seconds">Of a point.</param>
/// <param name="Points">In a chunk. A process writes its chunk again every 10 s until it is full.</param>
/// <param name="Kept">The age at which a chunk is removed.</param>
internal sealed record HistoryStep(int Seconds, int Points, TimeSpan Kept)
{
    /// <summary>The bound of each step. 20 busy sources of 3 processes need 6 and 9 MB; beyond it the oldest go.</summary>
    public const long MaxBytes = 16 * 1024 * 1024;

    public const int MaxPoints = 30;

    public static readonly HistoryStep Short = new(10, MaxPoints, TimeSpan.FromHours(24));
    public static readonly HistoryStep Long = new(300, 24, TimeSpan.FromDays(30));
    public static readonly IReadOnlyList<HistoryStep> All = [Short, Long];

    /// <summary>Chunks of a clock that was set ahead and back again would be kept for years.</summary>
    private static readonly TimeSpan MaxAhead = TimeSpan.FromDays(1);

    public TimeSpan Span => TimeSpan.FromSeconds(Seconds * Points);

    /// <summary>The start of the chunk of a time.</summary>
    public DateTimeOffset StartOf(DateTimeOffset at) => Floor(at, Seconds * Points);

    public static DateTimeOffset Floor(DateTimeOffset at, int seconds)
        => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds() / seconds * seconds);

    /// <summary>The starts of the first and the last chunk that stay.</summary>
    public (DateTimeOffset First, DateTimeOffset Last) ToKeep(IEnumerable<HistorySize> sizes, DateTimeOffset now)
    {
        var (first, last) = (now - Kept - Span, now + MaxAhead);
        var bytes = 0L;
        foreach (var start in sizes.Where(one => one.Start <= last).GroupBy(one => one.Start, one => one.Bytes)
            .OrderByDescending(start => start.Key))
        {
            if ((bytes += start.Sum()) > MaxBytes) return (first > start.Key + Span ? first : start.Key + Span, last);
        }

        return (first, last);
    }
}
