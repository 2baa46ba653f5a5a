using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Tests.Entities;

public sealed class ReleasePolicyTests
{
    [Fact]
    public void Events_of_an_open_circuit_are_spread_over_a_minute_after_the_break()
    {
        var (rest, circuitBreak) = (TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5));
        var waits = Enumerable.Range(0, 1000).Select(_ => ReleasePolicy.WaitForCircuit(rest, circuitBreak)).ToList();

        waits.ShouldAllBe(wait => wait >= rest && wait <= rest + TimeSpan.FromMinutes(1));
        (waits.Max() - waits.Min()).ShouldBeGreaterThan(TimeSpan.FromSeconds(30));
    }
}
