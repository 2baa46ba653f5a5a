using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>
/// When an event fails because of its age: an attempt fails and the first attempt of this generation is older than
/// <see cref="ProcessingOptions.GiveUpAfter"/>; or the event waits that long while the circuit is open that long.
/// </summary>
internal sealed class DeadlinePolicy(IOptions<ProcessingOptions> options)
{
    public TimeSpan GiveUpAfter { get; } = options.Value.GiveUpAfter;

    /// <summary>Of every event that waits and is too old.</summary>
    public string UnreachableError => $"gave up: the routing service was not reachable for {GiveUpAfter}";

    public bool IsExceeded(TimeSpan sinceFirstAttempt) => sinceFirstAttempt >= GiveUpAfter;

    public bool FailsWaitingEvents(TimeSpan circuitOpenFor) => circuitOpenFor >= GiveUpAfter;

    public string ErrorAfter(string? lastError) => $"gave up after {GiveUpAfter}: {lastError}";
}
