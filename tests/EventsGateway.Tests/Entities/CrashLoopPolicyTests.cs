using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Tests.Entities;

public sealed class CrashLoopPolicyTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(4, 8)]
    [InlineData(5, 16)]
    [InlineData(6, 32)]
    [InlineData(7, 60)]
    [InlineData(8, 60)]
    [InlineData(9, 60)]
    public void Wait_doubles_with_each_abandoned_attempt_up_to_60_seconds(int abandoned, int seconds)
        => CrashLoopPolicy.Expire(abandoned - 1)
            .ShouldBe(new ExpiredClaim(abandoned, TimeSpan.FromSeconds(seconds), Reason: null, Error: null));

    [Fact]
    public void Tenth_abandoned_attempt_fails_the_event_as_poison()
    {
        var expired = CrashLoopPolicy.Expire(before: 9);

        expired.ShouldBe(new ExpiredClaim(
            10, Wait: null, FailureReason.Poison, "10 attempts in a row were abandoned, 5 of them isolated"));
        expired.Status.ShouldBe(EventStatus.Failed);
    }

    [Fact]
    public void Event_with_more_than_ten_abandoned_attempts_fails_too()
        => CrashLoopPolicy.Expire(before: 40).Reason.ShouldBe(FailureReason.Poison);

    [Fact]
    public void Event_stays_pending_before_the_tenth_abandoned_attempt()
        => CrashLoopPolicy.Expire(before: 8).Status.ShouldBe(EventStatus.Pending);
}
