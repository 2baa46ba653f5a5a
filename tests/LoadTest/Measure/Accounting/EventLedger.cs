namespace Gateway.LoadTest.Measure.Accounting;

/// <summary>The responses to every event. One byte per event keeps a run of millions in memory.</summary>
internal sealed class EventLedger
{
    private const int ChunkSize = 1 << 16;

    private readonly Lock _lock = new();
    private readonly List<byte[]> _chunks = [];

    [Flags]
    private enum Responses : byte { Accepted = 1, Unknown = 2, Rejected = 4 }

    /// <param name="number">The first event of a request.</param>
    /// <param name="count">Its events: one answer counts for all of them.</param>
    public void RecordAccepted(long number, int count = 1) => Record(number, count, Responses.Accepted);

    /// <summary>503, no response or a lost connection: the gateway may have stored the events.</summary>
    public void RecordUnknown(long number, int count = 1) => Record(number, count, Responses.Unknown);

    public void RecordRejected(long number, int count = 1) => Record(number, count, Responses.Rejected);

    public bool IsAccepted(long number) => Has(number, Responses.Accepted);

    /// <summary>Sent at least once, with any response.</summary>
    public bool WasSent(long number) => Of(number) != 0;

    /// <summary>Never accepted, but possibly stored.</summary>
    public bool IsUnknown(long number) => !IsAccepted(number) && Has(number, Responses.Unknown);

    public IEnumerable<long> Accepted => Numbers(IsAccepted);

    public IEnumerable<long> Unknown => Numbers(IsUnknown);

    private IEnumerable<long> Numbers(Func<long, bool> include)
    {
        for (long number = 0; number < (long)_chunks.Count * ChunkSize; number++)
            if (include(number)) yield return number;
    }

    private bool Has(long number, Responses flag) => (Of(number) & flag) != 0;

    private Responses Of(long number)
        => number >= 0 && number / ChunkSize < _chunks.Count
            ? (Responses)_chunks[(int)(number / ChunkSize)][number % ChunkSize]
            : 0;

    private void Record(long first, int count, Responses flag)
    {
        lock (_lock)
        {
            while (_chunks.Count <= (first + count - 1) / ChunkSize) _chunks.Add(new byte[ChunkSize]);
            for (var number = first; number < first + count; number++)
                _chunks[(int)(number / ChunkSize)][number % ChunkSize] |= (byte)flag;
        }
    }
}
