using Gateway.EventsGateway.Monitoring.Processes;

namespace Gateway.EventsGateway.Tests.Monitoring;

public sealed class ProcessStatePolicyTests
{
    [Theory]
    [InlineData("ready", 20, "ready")]
    [InlineData("not ready", 20, "not ready")]
    [InlineData("ready", 21, "missing")]
    // Killed during its stop.
    [InlineData("stopping", 21, "missing")]
    [InlineData("stopped", 21, "stopped")]
    [InlineData("stopped", 600, "stopped")]
    [InlineData("stopped", 601, null)]
    public void State_follows_from_the_last_one_and_the_silence_since(string told, int seconds, string? state)
        => ProcessStatePolicy.Of(told, TimeSpan.FromSeconds(seconds)).ShouldBe(state);
}
