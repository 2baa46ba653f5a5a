using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <summary>What bodies may hold until their sender is verified: bytes, together, and time, each.</summary>
internal sealed class BodyBudget(IOptions<WebhookOptions> options, TimeProvider time)
{
    /// <summary>
    /// Of each body, and not counted: most webhooks are no larger, and are accepted while slow uploads hold the whole budget.
    /// Gateway:Http:MaxConnections bounds them.
    /// </summary>
    public const int FreeBytes = 4096;

    /// <summary>The time for a whole body; the server's 240 bytes/s alone allow 7 minutes for 100 KiB.</summary>
    public static readonly TimeSpan LongestUpload = TimeSpan.FromSeconds(30);

    private readonly long _most = options.Value.MaxUnverifiedBytes;

    private long _held;

    public long Held => Volatile.Read(ref _held);

    public bool TryTake(int bytes)
    {
        if (bytes == 0 || Interlocked.Add(ref _held, bytes) <= _most) return true;
        Interlocked.Add(ref _held, -bytes);
        return false;
    }

    public void Return(int bytes)
    {
        if (bytes > 0) Interlocked.Add(ref _held, -bytes);
    }

    /// <summary>Its token is cancelled when an upload has lasted too long.</summary>
    public CancellationTokenSource StartTime() => new(LongestUpload, time);
}
