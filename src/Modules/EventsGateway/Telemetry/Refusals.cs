namespace Gateway.EventsGateway.Telemetry;

/// <summary>The last refusals of this process, in memory: a flood of them pushes out the oldest and costs nothing else.</summary>
internal sealed class Refusals
{
    public const int Kept = 200;

    private readonly Lock _changing = new();
    private readonly Queue<Refusal> _latest = new(Kept);

    public void Add(Refusal refusal)
    {
        lock (_changing)
        {
            if (_latest.Count == Kept) _latest.Dequeue();
            _latest.Enqueue(refusal);
        }
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<Refusal> Latest(int limit)
    {
        lock (_changing) return [.. _latest.Reverse().Take(limit)];
    }
}
