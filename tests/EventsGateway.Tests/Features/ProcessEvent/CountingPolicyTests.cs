using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Features.ProcessEvent;
using Gateway.EventsGateway.Routing;

namespace Gateway.EventsGateway.Tests.Features.ProcessEvent;

/// <summary>Each condition alone keeps a call from counting.</summary>
public sealed class CountingPolicyTests
{
    private static readonly DateTimeOffset Before = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private static readonly FailedCall Blamed = new(
        IsFirst: false, CircuitsWereClosed: true, PreviousFailureAt: Before, OwnInLastMinute: 3,
        new CallKnowledge(Before.AddMilliseconds(1), Routed: 10, NotRouted: 13, LastOtherWasRouted: true));

    [Fact]
    public void Call_counts_while_others_are_routed()
        => CountingPolicy.Counts(ResponseClass.Transient, Blamed).ShouldBeTrue();

    [Fact]
    public void First_call_does_not_count() => ShouldNotCount(Blamed with { IsFirst = true });

    [Fact]
    public void Probe_does_not_count() => ShouldNotCount(Blamed with { CircuitsWereClosed = false });

    [Fact]
    public void Call_does_not_count_where_no_other_began_after_the_last_failure_and_was_routed()
        => ShouldNotCount(Blamed with { Known = Blamed.Known with { LastRoutedBegan = Before } });

    [Fact]
    public void Call_does_not_count_where_the_history_does_not_say_when_the_last_one_failed()
        => ShouldNotCount(Blamed with { PreviousFailureAt = null });

    [Fact]
    public void Call_does_not_count_where_most_others_of_the_last_minute_were_not_routed()
        => ShouldNotCount(Blamed with { OwnInLastMinute = 2 });

    [Fact]
    public void Call_does_not_count_in_a_new_process() => ShouldNotCount(Blamed with { Known = default });

    [Fact]
    public void Limit_never_counts() => CountingPolicy.Counts(ResponseClass.Later, Blamed).ShouldBeFalse();

    [Fact]
    public void Answer_about_the_event_itself_counts_unless_it_is_a_probe()
    {
        var first = Blamed with { IsFirst = true, Known = default };
        CountingPolicy.Counts(ResponseClass.Own, first).ShouldBeTrue();
        CountingPolicy.Counts(ResponseClass.Own, first with { CircuitsWereClosed = false }).ShouldBeFalse();
    }

    [Theory]
    [InlineData("Own", true, true)]
    [InlineData("Own", false, false)]
    [InlineData("Own", null, false)]
    [InlineData("Transient", true, false)]
    [InlineData("Later", true, false)]
    public void Answer_about_the_event_itself_is_final_while_the_last_other_call_was_routed(
        string response, bool? lastOther, bool isFinal)
        => CountingPolicy.IsFinal(
            Enum.Parse<ResponseClass>(response), Blamed with { Known = Blamed.Known with { LastOtherWasRouted = lastOther } })
            .ShouldBe(isFinal);

    [Fact]
    public void Own_calls_of_the_last_minute_are_no_other_calls()
    {
        var recent = new RecentCalls();
        var (own, other) = (new EventKey("dhl", "own"), new EventKey("dhl", "other"));
        recent.Add(other, Before.AddSeconds(-61), Before.AddSeconds(-61), isRouted: true);
        recent.Add(other, Before.AddSeconds(-2), Before.AddSeconds(-1), isRouted: true);
        recent.Add(own, Before.AddSeconds(-1), Before, isRouted: false);

        recent.At(Before, own).ShouldBe(new CallKnowledge(Before.AddSeconds(-2), 1, 1, LastOtherWasRouted: true));
        recent.At(Before, other).LastOtherWasRouted.ShouldBe(false);
        recent.At(Before.AddSeconds(59), own).LastOtherWasRouted.ShouldBeNull("it is older than a minute");
        recent.At(Before.AddSeconds(70), own).ShouldBe(new CallKnowledge(Before.AddSeconds(-2), 0, 0, null));
    }

    [Fact]
    public void Calls_from_before_the_clock_was_set_back_are_not_known()
    {
        var recent = new RecentCalls();
        var (own, other) = (new EventKey("dhl", "own"), new EventKey("dhl", "other"));
        recent.Add(other, Before.AddHours(1), Before.AddHours(1), isRouted: true);

        recent.At(Before, own).ShouldBe(new CallKnowledge(default, 0, 0, null));

        recent.Add(other, Before, Before, isRouted: true);
        recent.At(Before.AddSeconds(1), own).LastRoutedBegan.ShouldBe(Before);
    }

    private static void ShouldNotCount(FailedCall call) => CountingPolicy.Counts(ResponseClass.Transient, call).ShouldBeFalse();
}
