using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Tests.Entities;

public sealed class ReleasePolicyTests
{
    [Fact]
    public void Released_event_is_due_again_after_one_second()
        => ReleasePolicy.WaitFor(circuitOpenFor: null).ShouldBe(TimeSpan.FromSeconds(1));

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    [InlineData(90_000)]
    public void Event_that_an_open_circuit_has_stopped_is_due_when_the_break_ends(int milliseconds)
    {
        var remaining = TimeSpan.FromMilliseconds(milliseconds);

        ReleasePolicy.WaitFor(remaining).ShouldBe(remaining);
    }
}
