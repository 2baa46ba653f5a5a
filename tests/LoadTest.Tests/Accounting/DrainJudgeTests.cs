using Gateway.LoadTest.Accounting;
using Gateway.LoadTest.Operator;

namespace Gateway.LoadTest.Tests.Accounting;

public sealed class DrainJudgeTests
{
    private static readonly EventCounts Nothing = new(0, 0, 0, 0, null);
    private static readonly EventCounts NothingQueued = Nothing with { QueuedMessages = 0 };

    [Fact]
    public void When_all_is_settled_and_idle_the_rows_are_read()
        => StepsOf(Nothing, Settled(10)).ShouldBe([DrainStep.ReadRows]);

    [Fact]
    public void Enough_events_are_not_the_end_while_anything_is_pending_or_queued()
        => StepsOf(NothingQueued, Settled(12, queued: 1), Settled(12, queued: 0) with { Pending = 1 }).ShouldBe([DrainStep.Wait, DrainStep.Wait]);

    [Fact]
    public void Rows_are_read_again_only_when_something_has_moved()
        => StepsOf(NothingQueued, Settled(10, queued: 0), Settled(10, queued: 0), Settled(11, queued: 0))
            .ShouldBe([DrainStep.ReadRows, DrainStep.Wait, DrainStep.ReadRows]);

    [Fact]
    public void Standalone_gives_up_what_is_missing_after_quiet_and_a_last_look()
    {
        var judge = new DrainJudge(Nothing, promised: 10);

        judge.Next(TimeSpan.Zero, Settled(9)).ShouldBe(DrainStep.Wait);
        judge.Next(DrainJudge.Quiet * 1.1, Settled(9)).ShouldBe(DrainStep.ReadRows);
        judge.Next(DrainJudge.Quiet * 1.2, Settled(9)).ShouldBe(DrainStep.GiveUp);
    }

    [Fact]
    public void Distributed_never_gives_up_before_the_limit()
    {
        var judge = new DrainJudge(NothingQueued, promised: 10);

        StepsOf(judge, [.. Enumerable.Repeat(Settled(9, queued: 0), 20)]).ShouldNotContain(DrainStep.GiveUp);
    }

    [Fact]
    public void A_broker_that_is_away_is_waited_for()
        => StepsOf(NothingQueued, [.. Enumerable.Repeat(Settled(10), 20)]).ShouldAllBe(step => step == DrainStep.Wait);

    [Fact]
    public void Quiet_begins_anew_after_counts_that_could_not_be_had()
    {
        var judge = new DrainJudge(Nothing, promised: 10);
        judge.Next(TimeSpan.Zero, Settled(9));

        judge.Next(DrainJudge.Quiet * 2, null).ShouldBe(DrainStep.Wait);
        judge.Next(DrainJudge.Quiet * 2.1, Settled(9)).ShouldBe(DrainStep.Wait);
    }

    private static EventCounts Settled(long processed, long? queued = null) => new(processed, 0, processed, 0, queued);

    private static List<DrainStep> StepsOf(EventCounts before, params EventCounts[] counts) => StepsOf(new DrainJudge(before, promised: 10), counts);

    private static List<DrainStep> StepsOf(DrainJudge judge, EventCounts[] counts)
        => [.. counts.Select((one, i) => judge.Next(DrainJudge.Quiet * i / 2, one))];
}
