using System.Net;

namespace Gateway.EventsGateway.Features.Console.Session;

/// <summary>
/// Ten wrong keys within a minute from one address are answered as such, more are not. Right ones are none of its business:
/// otherwise a stranger could keep out who has the key.
/// </summary>
internal sealed class LoginThrottle(TimeProvider time)
{
    private const int Allowed = 10;

    // More of them than people have, and the rest shares one place: a flood of addresses fills no memory.
    private const int MaxAddresses = 1000;

    private static readonly TimeSpan Within = TimeSpan.FromMinutes(1);

    private readonly Lock _counting = new();
    private readonly Dictionary<IPAddress, Queue<long>> _wrong = [];

    /// <summary>Zero where it has been counted; otherwise how long its sender should wait.</summary>
    public TimeSpan Add(IPAddress? from)
    {
        var now = time.GetTimestamp();
        lock (_counting)
        {
            Forget(now);
            var address = PlaceOf(from);
            if (_wrong.TryGetValue(address, out var times) && times.Count >= Allowed) return Within - time.GetElapsedTime(times.Peek(), now);
            (_wrong[address] = times ?? new Queue<long>(Allowed)).Enqueue(now);
            return TimeSpan.Zero;
        }
    }

    private void Forget(long now)
    {
        foreach (var (address, times) in _wrong)
        {
            while (times.TryPeek(out var oldest) && time.GetElapsedTime(oldest, now) >= Within) times.Dequeue();
            if (times.Count == 0) _wrong.Remove(address);
        }
    }

    private IPAddress PlaceOf(IPAddress? from)
    {
        var address = from is null ? IPAddress.None : from.IsIPv4MappedToIPv6 ? from.MapToIPv4() : FirstHalf(from);
        return _wrong.Count < MaxAddresses || _wrong.ContainsKey(address) ? address : IPAddress.None;
    }

    /// <summary>Whoever has one IPv6 address has 2^64 of them.</summary>
    private static IPAddress FirstHalf(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        if (bytes.Length == 16) bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
