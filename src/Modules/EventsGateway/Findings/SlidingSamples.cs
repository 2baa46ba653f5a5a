namespace Gateway.EventsGateway.Findings;

/// <summary>Samples at regular steps, for differences over the last seconds or minutes. Used by one loop.</summary>
internal sealed class SlidingSamples<T>(TimeSpan step, TimeSpan kept, TimeProvider time)
{
    private readonly Queue<(long At, T Value)> _samples = new();
    private long _newestAt;

    public IEnumerable<T> All => _samples.Select(sample => sample.Value);

    /// <summary>Keeps it where the step since the last one is over.</summary>
    public void Add(Func<T> read)
    {
        // A tenth of a step early is not too early: timers are not exact.
        if (_samples.Count > 0 && time.GetElapsedTime(_newestAt) < step - (step / 10)) return;
        _newestAt = time.GetTimestamp();
        _samples.Enqueue((_newestAt, read()));
        while (_samples.Count > 1 && time.GetElapsedTime(_samples.ElementAt(1).At) >= kept) _samples.Dequeue();
    }

    /// <summary>The newest one that is at least this old; else the oldest one.</summary>
    public T Before(TimeSpan age) => At(age).Value;

    /// <summary>How old <see cref="Before"/> really is.</summary>
    public TimeSpan AgeOf(TimeSpan age) => time.GetElapsedTime(At(age).At);

    private (long At, T Value) At(TimeSpan age)
    {
        var found = _samples.Peek();
        foreach (var sample in _samples)
        {
            if (time.GetElapsedTime(sample.At) < age) break;
            found = sample;
        }

        return found;
    }
}
