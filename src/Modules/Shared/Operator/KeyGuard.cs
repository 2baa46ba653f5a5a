using System.Net;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Shared.Operator;

/// <summary>
/// Makes guessing keys slow. After five wrong keys of an address its next keys are compared one after the other, each after a
/// wait that doubles from 100 ms to 2 s. Other addresses do not wait. Before the comparison, not after it: a client that hangs up
/// would not wait for the answer. Not System.Threading.RateLimiting, because its limiters take no <see cref="TimeProvider"/>.
/// Event id 142.
/// </summary>
public sealed partial class KeyGuard(TimeProvider time, ILogger<KeyGuard> log)
{
    private const int Free = 5;

    /// <summary>Requests that wait, of all addresses: a further one is answered 429 at once and holds no connection.</summary>
    private const int MaxWaiting = 100;

    private const int MaxAddresses = 1000;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly Lock _counting = new();
    private readonly Dictionary<IPAddress, Entry> _addresses = [];
    private readonly Throttle _lines = new(time);
    private int _waiting;
    private long _wrong;
    private long _rejected;

    /// <summary>Since the start of the process.</summary>
    public long WrongKeys => Volatile.Read(ref _wrong);

    /// <summary>Keys that were not compared, because too many of them waited.</summary>
    public long RejectedKeys => Volatile.Read(ref _rejected);

    /// <summary>Waits until a key of the address may be compared.</summary>
    public async Task WaitAsync(IPAddress? from, CancellationToken cancellationToken)
    {
        var wait = Reserve(RemoteAddress.NetworkOf(from));
        if (wait <= TimeSpan.Zero) return;
        try
        {
            // A client that goes away does not free its turn: otherwise it would not wait at all.
            await Task.Delay(wait, time, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>An operator behind an address that others attack waits for the first delay at most.</summary>
    public void AddRight(IPAddress? from)
    {
        lock (_counting)
            if (_addresses.TryGetValue(RemoteAddress.NetworkOf(from), out var entry)) entry.Wrong = Math.Min(entry.Wrong, Free);
    }

    /// <summary>
    /// Counts a wrong key; true for the first of an address in an hour, in headers or at the login, which is logged.
    /// </summary>
    public bool AddWrong(IPAddress? from, string key, bool isLogin = false)
    {
        Interlocked.Increment(ref _wrong);
        var address = RemoteAddress.NetworkOf(from);
        lock (_counting)
        {
            var now = time.GetTimestamp();
            var entry = Find(address, now) ?? Add(address, now);
            var hash = OperatorKey.HashOf(key);
            // A forgotten script that repeats its old key finds nothing out, and must not slow down its whole network.
            if (!entry.LastWrong.AsSpan().SequenceEqual(hash)) entry.Wrong++;
            (entry.LastWrong, entry.LastAt) = (hash, now);
            entry.NextAt = Math.Max(entry.NextAt, now + StepOf(entry));
            ref var reportedAt = ref entry.ReportedAt[isLogin ? 1 : 0];
            if (reportedAt is { } at && time.GetElapsedTime(at, now) < Kept) return false;
            reportedAt = now;
        }

        if (_lines.Allows()) LogWrong(address);
        return true;
    }

    private TimeSpan Reserve(IPAddress address)
    {
        lock (_counting)
        {
            var now = time.GetTimestamp();
            if (Find(address, now) is not { Wrong: >= Free } entry) return TimeSpan.Zero;
            var at = Math.Max(now, entry.NextAt);
            var wait = time.GetElapsedTime(now, at);
            if (wait > MaxWait || (wait > TimeSpan.Zero && _waiting >= MaxWaiting))
            {
                Interlocked.Increment(ref _rejected);
                throw new RequestRejectedException(StatusCodes.Status429TooManyRequests, "Too many wrong keys")
                {
                    RetryAfter = wait,
                };
            }

            entry.NextAt = at + StepOf(entry);
            if (wait > TimeSpan.Zero) Interlocked.Increment(ref _waiting);
            return wait;
        }
    }

    private Entry? Find(IPAddress address, long now)
    {
        if (!_addresses.TryGetValue(address, out var entry)) return null;
        if (time.GetElapsedTime(entry.LastAt, now) < Kept) return entry;
        _addresses.Remove(address);
        return null;
    }

    private Entry Add(IPAddress address, long now)
    {
        // Not one entry for all further addresses: an attacker with many would slow down the operators.
        if (_addresses.Count == MaxAddresses) _addresses.Remove(_addresses.MinBy(entry => entry.Value.LastAt).Key);
        return _addresses[address] = new Entry { LastAt = now };
    }

    private long StepOf(Entry entry)
    {
        if (entry.Wrong < Free) return 0;
        var delay = FirstDelay * Math.Pow(2, Math.Min(entry.Wrong - Free, 10));
        return (long)((delay < MaxDelay ? delay : MaxDelay).TotalSeconds * time.TimestampFrequency);
    }

    [LoggerMessage(142, LogLevel.Warning, "Wrong operator key from {Address}; further ones of this hour are only counted")]
    private partial void LogWrong(IPAddress address);

    private sealed class Entry
    {
        public int Wrong { get; set; }

        public byte[] LastWrong { get; set; } = [];

        public long LastAt { get; set; }

        public long NextAt { get; set; }

        public long?[] ReportedAt { get; } = [null, null];
    }
}
