using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>
/// When the next attempt follows a transient result. With the defaults:
/// <code>
/// attempt that failed   1     2     3     4
/// next attempt after    1 s   2 s   4 s   failed: retries-exhausted
/// </code>
/// each ± 20 %. If the Retry-After of the routing service is longer, it is used instead.
/// </summary>
internal sealed class RetrySchedule(IOptions<ProcessingOptions> options)
{
    private readonly ProcessingOptions _options = options.Value;

    public bool IsExhausted(int attemptsSpent) => attemptsSpent > _options.MaxRetries;

    public TimeSpan WaitAfter(int attemptsSpent, TimeSpan? retryAfter)
    {
        // Calculated in seconds as a double: a TimeSpan overflows after some 40 doublings.
        var exponential = _options.RetryBase.TotalSeconds * Math.Pow(_options.RetryFactor, attemptsSpent - 1);
        var capped = Math.Min(exponential, _options.RetryCap.TotalSeconds);
        var wait = TimeSpan.FromSeconds(capped) * (1 + _options.RetryJitter * (2 * Random.Shared.NextDouble() - 1));
        return retryAfter > wait ? retryAfter.Value : wait;
    }
}
