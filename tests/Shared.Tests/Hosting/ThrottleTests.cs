using Gateway.Shared.Hosting;
using Gateway.TestSupport;

namespace Gateway.Shared.Tests.Hosting;

public sealed class ThrottleTests
{
    private readonly SteppedTime _time = new();

    [Fact]
    public void One_per_second_is_allowed_by_default()
    {
        var limiter = new Throttle(_time);

        Passed(limiter).ShouldBe(1);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Passed(limiter).ShouldBe(0);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Passed(limiter).ShouldBe(1);
    }

    [Fact]
    public void After_a_quiet_second_the_whole_number_is_allowed_at_once()
    {
        var limiter = new Throttle(_time, perSecond: 20);

        Passed(limiter).ShouldBe(20);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Passed(limiter).ShouldBe(2);
        _time.Advance(TimeSpan.FromHours(1));
        Passed(limiter).ShouldBe(20);
    }

    private static int Passed(Throttle limiter) => Enumerable.Range(0, 100).Count(_ => limiter.Allows());
}
