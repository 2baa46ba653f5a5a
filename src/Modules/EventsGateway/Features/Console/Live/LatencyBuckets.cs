namespace Gateway.EventsGateway.Features.Console.Live;

/// <summary>
/// Durations in buckets that are each a sixteenth of a doubling wide, from 1 µs to 64 s: what is told of them is true to
/// 3 %. An entry is one increment, whoever else makes one; nothing is locked and nothing allocated.
/// </summary>
internal sealed class LatencyBuckets
{
    private const int ShortestExponent = -20;
    private const int LongestExponent = 6;
    private const int BitsPerDoubling = 4;

    // The upper bits of a double are its logarithm, in steps as fine as the bits of the fraction that are kept.
    private const int Shift = 52 - BitsPerDoubling;
    private const int Count = (LongestExponent - ShortestExponent) << BitsPerDoubling;

    private static readonly long First = BitConverter.DoubleToInt64Bits(Math.ScaleB(1, ShortestExponent)) >> Shift;

    private readonly long[] _counts = new long[Count];
    private readonly long[] _told = new long[Count];

    public void Add(double seconds)
        => Interlocked.Increment(ref _counts[Math.Clamp((BitConverter.DoubleToInt64Bits(seconds) >> Shift) - First, 0, Count - 1)]);

    /// <summary>The given shares of what came since this was asked last, in milliseconds; null where nothing came.</summary>
    public double?[] Next(params ReadOnlySpan<double> shares)
    {
        Span<long> fresh = stackalloc long[Count];
        var sum = 0L;
        for (var i = 0; i < Count; i++)
        {
            var now = Volatile.Read(ref _counts[i]);
            sum += fresh[i] = now - _told[i];
            _told[i] = now;
        }

        var percentiles = new double?[shares.Length];
        for (var i = 0; i < shares.Length && sum > 0; i++) percentiles[i] = Percentile(fresh, (long)Math.Ceiling(sum * shares[i]));
        return percentiles;
    }

    private static double Percentile(ReadOnlySpan<long> counts, long rank)
    {
        var bucket = 0;
        for (var seen = counts[0]; seen < rank; seen += counts[bucket]) bucket++;
        var (from, to) = (SecondsOf(bucket), SecondsOf(bucket + 1));
        return Math.Round((from + to) / 2 * 1000, 3);
    }

    private static double SecondsOf(int bucket) => BitConverter.Int64BitsToDouble((First + bucket) << Shift);
}
