using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>
/// When an event is tried again. With the defaults:
/// <code>
/// call that was not routed   1     2     3     4     5      6      7
/// next call after            1 s   2 s   4 s   8 s   16 s   32 s   60 s …
/// </code>
/// each ± 20 %, counted or not: the waits grow during an outage too. A longer Retry-After of the routing service wins.
/// </summary>
internal sealed class RetrySchedule(IOptions<ProcessingOptions> options)
{
    private readonly ProcessingOptions _options = options.Value;

    public bool IsExhausted(int attemptsSpent) => attemptsSpent > _options.MaxRetries;

    public TimeSpan WaitAfter(int calls, TimeSpan? retryAfter)
    {
        // In seconds: a TimeSpan overflows after some 40 doublings, a double does not.
        var exponential = _options.RetryBase.TotalSeconds * Math.Pow(_options.RetryFactor, calls - 1);
        var capped = Math.Min(exponential, _options.RetryCap.TotalSeconds);
        var wait = TimeSpan.FromSeconds(capped) * (1 + _options.RetryJitter * (2 * Random.Shared.NextDouble() - 1));
        return retryAfter > wait ? retryAfter.Value : wait;
    }
}
