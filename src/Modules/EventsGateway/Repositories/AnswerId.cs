namespace Gateway.EventsGateway.Repositories;

/// <summary>
/// An <c>x-request-id</c> of the gateway: the id of the acceptance (UUID v7). Its first 48 bits are the time in milliseconds, by
/// which its event is found without an index.
/// </summary>
/// <param name="AcceptId">The acceptance.</param>
/// <param name="From">The earliest time at which the event can have been received, by another clock.</param>
/// <param name="To">The latest.</param>
internal readonly record struct AnswerId(Guid AcceptId, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>The stored time is the earlier one of two clocks: of ingest, which is in the id, and of the store.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>Null for another text; a sender's own UUID v7 looks the same.</summary>
    public static AnswerId? Of(string text)
    {
        if (!Guid.TryParseExact(text, "D", out var id) || id.Version != 7) return null;
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        long milliseconds = 0;
        foreach (var one in bytes[..6]) milliseconds = (milliseconds << 8) | one;
        // Years after 9999.
        if (milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() - (long)Skew.TotalMilliseconds) return null;
        var at = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return new AnswerId(id, at - Skew, at + Skew);
    }
}
