using System.Net;
using System.Threading.RateLimiting;
using Gateway.EventsGateway.Features.ReceiveEvent.Rejections;
using Gateway.Shared.Operator;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <summary>
/// Requests per time of this process. An address is limited by its unverified requests alone: a sender may share it with an
/// attacker, and its verified requests are accepted. They count for their source.
/// </summary>
internal sealed class SenderLimits(IOptions<WebhookOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress> _addresses = Of<IPAddress>(
        options.Value.MaxUnverifiedPerMinute, TimeSpan.FromMinutes(1));

    private readonly PartitionedRateLimiter<string> _sources = Of<string>(
        options.Value.MaxPerSecond, TimeSpan.FromSeconds(1));

    /// <summary>Counts a request that was not verified. The answer is 429 above the limit, else that of the rejection.</summary>
    public Rejection Unverified(HttpContext http, Rejection rejection)
        => Acquire(_addresses, RemoteAddress.NetworkOf(http)) ?? rejection;

    /// <summary>Counts a verified request. Null up to the limit.</summary>
    public Rejection? Verified(string source) => Acquire(_sources, source);

    public void Dispose()
    {
        _addresses.Dispose();
        _sources.Dispose();
    }

    private static Rejection? Acquire<T>(PartitionedRateLimiter<T> limiter, T key)
    {
        using var lease = limiter.AttemptAcquire(key);
        if (lease.IsAcquired) return null;
        return Rejection.TooMany(lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1));
    }

    private static PartitionedRateLimiter<T> Of<T>(int limit, TimeSpan window) where T : notnull
    {
        var options = new FixedWindowRateLimiterOptions { PermitLimit = limit, Window = window };
        return PartitionedRateLimiter.Create<T, T>(key => RateLimitPartition.GetFixedWindowLimiter(key, _ => options));
    }
}
