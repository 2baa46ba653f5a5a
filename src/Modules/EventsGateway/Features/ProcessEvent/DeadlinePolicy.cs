using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>
/// Decides when an event fails because of its age. After a failed attempt: when the first attempt of this generation is at least
/// <see cref="ProcessingOptions.GiveUpAfter"/> old. Without one: when both the generation is that old and the circuit has been
/// open for that long.
/// </summary>
internal sealed class DeadlinePolicy(IOptions<ProcessingOptions> options)
{
    public TimeSpan GiveUpAfter { get; } = options.Value.GiveUpAfter;

    /// <summary>The error of events that fail while they wait for the circuit to close.</summary>
    public string UnreachableError => $"gave up: the routing service was not reachable for {GiveUpAfter}";

    public bool IsExceeded(TimeSpan sinceFirstAttempt) => sinceFirstAttempt >= GiveUpAfter;

    public bool FailsWaitingEvents(TimeSpan circuitOpenFor) => circuitOpenFor >= GiveUpAfter;

    public string ErrorAfter(string? lastError) => $"gave up after {GiveUpAfter}: {lastError}";
}
