using Gateway.EventsGateway.Monitoring.History;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Monitoring.History;

public sealed class HistoryStepTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    [Fact]
    public void Rows_are_kept_for_a_day_or_thirty_days()
    {
        HistoryStep.Short.ToKeep([], Now).First.ShouldBe(Now.AddDays(-1).AddMinutes(-5));
        HistoryStep.Long.ToKeep([], Now).First.ShouldBe(Now.AddDays(-30).AddHours(-2));
    }

    [Fact]
    public void Rows_of_a_clock_that_was_ahead_are_removed()
        => HistoryStep.Short.ToKeep([], Now).Last.ShouldBe(Now.AddDays(1));

    [Fact]
    public void Oldest_rows_beyond_the_bound_are_removed()
    {
        const int chunks = 16;
        var start = HistoryStep.Short.StartOf(Now);
        List<HistorySize> sizes =
        [
            .. Enumerable.Range(0, 2 * chunks).SelectMany(back =>
            {
                var size = new HistorySize(start - (back * HistoryStep.Short.Span), HistoryStep.MaxBytes / chunks / 2);
                return new[] { size, size };
            }),
        ];

        var (first, last) = HistoryStep.Short.ToKeep(sizes, Now);
        var kept = sizes.Where(one => one.Start >= first && one.Start <= last).ToList();

        kept.Sum(one => one.Bytes).ShouldBe(HistoryStep.MaxBytes);
        kept.Max(one => one.Start).ShouldBe(start);
    }
}
