using System.Net;

namespace Gateway.EventsGateway.Features.Console.Session;

/// <summary>
/// Allows ten wrong keys per minute and address. The right key is always accepted: otherwise an attacker could lock out the
/// operators. Not System.Threading.RateLimiting, because its limiters take no <see cref="TimeProvider"/>.
/// </summary>
internal sealed class LoginThrottle(TimeProvider time)
{
    private const int Allowed = 10;

    // Further addresses share one entry, which bounds the memory.
    private const int MaxAddresses = 1000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _counting = new();
    private readonly Dictionary<IPAddress, Queue<long>> _wrong = [];
    private readonly HashSet<IPAddress> _recorded = [];
    private long _hour;

    /// <summary>Counts a wrong key and returns zero; beyond the limit returns how long to wait.</summary>
    public TimeSpan Add(IPAddress? from)
    {
        var now = time.GetTimestamp();
        lock (_counting)
        {
            Expire(now);
            var address = EntryOf(from);
            if (_wrong.TryGetValue(address, out var times) && times.Count >= Allowed)
                return Window - time.GetElapsedTime(times.Peek(), now);
            (_wrong[address] = times ?? new Queue<long>(Allowed)).Enqueue(now);
            return TimeSpan.Zero;
        }
    }

    /// <summary>
    /// One audit record per address and hour: guessed keys neither fill the store, nor hide the guesses from another address.
    /// </summary>
    public bool IsFirstOfHour(IPAddress? from)
    {
        var hour = time.GetUtcNow().Ticks / TimeSpan.TicksPerHour;
        lock (_counting)
        {
            if (hour != _hour) _recorded.Clear();
            _hour = hour;
            return _recorded.Add(_recorded.Count < MaxAddresses ? NetworkOf(from) : IPAddress.None);
        }
    }

    private void Expire(long now)
    {
        foreach (var (address, times) in _wrong)
        {
            while (times.TryPeek(out var oldest) && time.GetElapsedTime(oldest, now) >= Window) times.Dequeue();
            if (times.Count == 0) _wrong.Remove(address);
        }
    }

    private IPAddress EntryOf(IPAddress? from)
    {
        var address = NetworkOf(from);
        return _wrong.Count < MaxAddresses || _wrong.ContainsKey(address) ? address : IPAddress.None;
    }

    private static IPAddress NetworkOf(IPAddress? from)
        => from is null ? IPAddress.None : from.IsIPv4MappedToIPv6 ? from.MapToIPv4() : FirstHalf(from);

    /// <summary>An IPv6 client usually owns a network of 2^64 addresses, so it is counted by the first half.</summary>
    private static IPAddress FirstHalf(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        if (bytes.Length == 16) bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
