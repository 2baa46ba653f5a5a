using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>
/// When an event fails because of its age: an attempt fails and the first failed call of this generation is older than
/// <see cref="ProcessingOptions.GiveUpAfter"/>; or the event waits that long for a circuit that was probed that long.
/// </summary>
internal sealed class DeadlinePolicy(IOptions<ProcessingOptions> options)
{
    public TimeSpan GiveUpAfter { get; } = options.Value.GiveUpAfter;

    /// <summary>Of every event that waits and is too old.</summary>
    public string UnreachableError => $"gave up: no probe of the routing service succeeded for {GiveUpAfter}";

    public bool IsExceeded(TimeSpan sinceFirstFailure) => sinceFirstFailure >= GiveUpAfter;

    public string ErrorAfter(string? lastError) => $"gave up after {GiveUpAfter}: {lastError}";
}
