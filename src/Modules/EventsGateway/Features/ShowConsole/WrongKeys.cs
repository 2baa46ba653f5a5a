using System.Net;

namespace Gateway.EventsGateway.Features.ShowConsole;

/// <summary>Ten wrong keys within a minute from one address, and it has to wait.</summary>
internal sealed class WrongKeys(TimeProvider time)
{
    private const int Allowed = 10;

    // More of them than people have, and the rest shares one place: a flood of addresses fills no memory.
    private const int MaxAddresses = 1000;

    private static readonly TimeSpan Within = TimeSpan.FromMinutes(1);

    private readonly Lock _counting = new();
    private readonly Dictionary<IPAddress, Queue<DateTimeOffset>> _wrong = [];

    /// <summary>Zero where the key may be looked at; each look at a wrong one counts, so that no two are looked at as one.</summary>
    public TimeSpan Try(IPAddress? from, Func<bool> isRight)
    {
        var now = time.GetUtcNow();
        lock (_counting)
        {
            Forget(now - Within);
            var address = PlaceOf(from);
            if (_wrong.TryGetValue(address, out var times) && times.Count >= Allowed) return times.Peek() + Within - now;
            if (!isRight()) (_wrong[address] = times ?? new Queue<DateTimeOffset>(Allowed)).Enqueue(now);
            return TimeSpan.Zero;
        }
    }

    private void Forget(DateTimeOffset before)
    {
        foreach (var (address, times) in _wrong)
        {
            while (times.TryPeek(out var oldest) && oldest <= before) times.Dequeue();
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
