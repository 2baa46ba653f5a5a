using Gateway.LoadTest.Measure.Accounting;

namespace Gateway.LoadTest.Tests.Measure.Accounting;

public sealed class DrainPolicyTests
{
    private static readonly EventCounts Empty = new(0, 0, 0, 0, null);
    private static readonly EventCounts EmptyQueue = Empty with { QueuedMessages = 0 };

    [Fact]
    public void Rows_are_read_when_all_events_are_settled_and_the_gateway_is_idle()
        => StepsOf(Empty, Settled(10)).ShouldBe([DrainStep.ReadRows]);

    [Fact]
    public void Pending_or_queued_events_keep_the_drain_waiting()
        => StepsOf(EmptyQueue, Settled(12, queued: 1), Settled(12, queued: 0) with { Pending = 1 })
            .ShouldBe([DrainStep.Wait, DrainStep.Wait]);

    [Fact]
    public void Rows_are_read_again_only_after_the_counts_change()
        => StepsOf(EmptyQueue, Settled(10, queued: 0), Settled(10, queued: 0), Settled(11, queued: 0))
            .ShouldBe([DrainStep.ReadRows, DrainStep.Wait, DrainStep.ReadRows]);

    [Fact]
    public void Embedded_stops_after_the_quiet_time_and_a_last_read_of_the_rows()
    {
        var policy = new DrainPolicy(Empty, accepted: 10);

        policy.Next(TimeSpan.Zero, Settled(9)).ShouldBe(DrainStep.Wait);
        policy.Next(DrainPolicy.QuietTime * 1.1, Settled(9)).ShouldBe(DrainStep.ReadRows);
        policy.Next(DrainPolicy.QuietTime * 1.2, Settled(9)).ShouldBe(DrainStep.Stop);
    }

    [Fact]
    public void Distributed_waits_until_the_limit()
    {
        var policy = new DrainPolicy(EmptyQueue, accepted: 10);

        StepsOf(policy, [.. Enumerable.Repeat(Settled(9, queued: 0), 20)]).ShouldNotContain(DrainStep.Stop);
    }

    [Fact]
    public void Unavailable_broker_keeps_the_drain_waiting()
        => StepsOf(EmptyQueue, [.. Enumerable.Repeat(Settled(10), 20)]).ShouldAllBe(step => step == DrainStep.Wait);

    [Fact]
    public void Quiet_time_restarts_after_a_failed_read()
    {
        var policy = new DrainPolicy(Empty, accepted: 10);
        policy.Next(TimeSpan.Zero, Settled(9));

        policy.Next(DrainPolicy.QuietTime * 2, null).ShouldBe(DrainStep.Wait);
        policy.Next(DrainPolicy.QuietTime * 2.1, Settled(9)).ShouldBe(DrainStep.Wait);
    }

    private static EventCounts Settled(long processed, long? queued = null) => new(processed, 0, processed, 0, queued);

    private static List<DrainStep> StepsOf(EventCounts before, params EventCounts[] counts)
        => StepsOf(new DrainPolicy(before, accepted: 10), counts);

    private static List<DrainStep> StepsOf(DrainPolicy policy, EventCounts[] counts)
        => [.. counts.Select((one, i) => policy.Next(DrainPolicy.QuietTime * i / 2, one))];
}
