using Gateway.LoadTest.Generate.Events;

namespace Gateway.LoadTest.Tests.Generate.Events;

public sealed class EventPlanTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.2)]
    [InlineData(1)]
    public void Limit_includes_duplicates(double duplicates) => Sent(1_000, duplicates).Count.ShouldBe(1_000);

    [Fact]
    public void Without_duplicates_every_event_is_sent_once()
        => Sent(1_000, 0).ShouldBe(Enumerable.Range(0, 1_000).Select(n => (long)n));

    [Fact]
    public void Share_of_repeated_events_is_exact()
    {
        var times = Sent(10_000, 0.2).CountBy(number => number).Select(one => one.Value).ToList();

        (times.Count(n => n > 1) / (double)times.Count).ShouldBe(0.2, 0.005);
        times.ShouldContain(3);
        times.Max().ShouldBe(3);
    }

    [Fact]
    public void Some_duplicates_follow_immediately_and_some_much_later()
    {
        var sent = Sent(10_000, 0.2);
        var distances = sent.Select((number, at) => at - sent.IndexOf(number)).Where(distance => distance > 0).ToList();

        distances.Count(distance => distance <= 3).ShouldBeGreaterThan(distances.Count / 4);
        distances.Count(distance => distance > 100).ShouldBeGreaterThan(distances.Count / 4);
    }

    [Fact]
    public void Duplicates_are_flagged()
    {
        var plan = new EventPlan(1_000, 0.5);
        var seen = new HashSet<long>();
        while (plan.TryNext(out var number, out var isRepeat)) isRepeat.ShouldBe(!seen.Add(number));
    }

    private static List<long> Sent(long limit, double duplicates)
    {
        var plan = new EventPlan(limit, duplicates);
        var sent = new List<long>();
        while (plan.TryNext(out var number, out _)) sent.Add(number);
        return sent;
    }
}
