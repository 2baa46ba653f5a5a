namespace Gateway.LoadTest.Events;

/// <summary>What the sender knows of every event: a byte each, so that a run of millions can be accounted for.</summary>
internal sealed class EventLedger
{
    private const int ChunkSize = 1 << 16;

    private readonly Lock _gate = new();
    private readonly List<byte[]> _chunks = [];

    [Flags]
    private enum Known : byte { Promised = 1, Unknown = 2, Refused = 4 }

    public void Promise(long number) => Note(number, Known.Promised);

    /// <summary>503, no answer or a broken connection: it may have got in.</summary>
    public void LeaveOpen(long number) => Note(number, Known.Unknown);

    public void Refuse(long number) => Note(number, Known.Refused);

    public bool IsPromised(long number) => Has(number, Known.Promised);

    /// <summary>Sent at all, whatever was answered.</summary>
    public bool WasSent(long number) => Of(number) != 0;

    /// <summary>Never promised, but it may be there.</summary>
    public bool IsOpen(long number) => !IsPromised(number) && Has(number, Known.Unknown);

    public IEnumerable<long> Promised => Numbers(IsPromised);

    public IEnumerable<long> Open => Numbers(IsOpen);

    private IEnumerable<long> Numbers(Func<long, bool> are)
    {
        for (long number = 0; number < (long)_chunks.Count * ChunkSize; number++)
            if (are(number)) yield return number;
    }

    private bool Has(long number, Known flag) => (Of(number) & flag) != 0;

    private Known Of(long number)
        => number >= 0 && number / ChunkSize < _chunks.Count ? (Known)_chunks[(int)(number / ChunkSize)][number % ChunkSize] : 0;

    private void Note(long number, Known flag)
    {
        lock (_gate)
        {
            while (_chunks.Count <= number / ChunkSize) _chunks.Add(new byte[ChunkSize]);
            _chunks[(int)(number / ChunkSize)][number % ChunkSize] |= (byte)flag;
        }
    }
}
