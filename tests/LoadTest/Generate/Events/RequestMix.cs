using Gateway.LoadTest.Measure.Accounting;

namespace Gateway.LoadTest.Generate.Events;

/// <summary>One source of a load.</summary>
/// <param name="Generators">One per sample; they take turns.</param>
/// <param name="Weight">Its requests in one turn of all sources.</param>
internal sealed record MixPart(IReadOnlyList<IRequestGenerator> Generators, int Weight);

/// <summary>
/// The requests of a run, of several sources by their weights: the number of a request decides its source and its events.
/// </summary>
internal sealed class RequestMix : ISentEvents
{
    private readonly IRequestGenerator[] _generators;
    private readonly int[] _turns;
    private readonly int _width;

    public RequestMix(IReadOnlyList<MixPart> parts)
    {
        _generators = [.. parts.SelectMany(part => part.Generators)];
        var cycles = parts.Max(part => part.Generators.Count);
        _turns = [.. Enumerable.Range(0, cycles).SelectMany(cycle => TurnsOf(parts, cycle))];
        _width = _generators.Max(one => one.EventCount);
        MaxLength = _generators.Max(one => one.MaxLength);
    }

    public int MaxLength { get; }

    public IEnumerable<RowFilter> Filters => _generators.SelectMany(one => one.Sent.Filters);

    /// <summary>The first request of each generator.</summary>
    public IEnumerable<long> OnePerGenerator => _turns.Index().DistinctBy(turn => turn.Item).Select(turn => (long)turn.Index);

    public IRequestGenerator Of(long request) => _generators[IndexOf(request)];

    /// <summary>Of a request with fewer events than the largest one, the rest of its numbers is never sent.</summary>
    public long FirstEventOf(long request) => request * _width;

    public bool TryNumberOf(EventRow row, out long number)
    {
        foreach (var generator in _generators)
            if (generator.Sent.TryNumberOf(row, out number)) return true;
        number = -1;
        return false;
    }

    public string NameOf(long number) => Of(number / _width).Sent.NameOf(number);

    public Writers NewWriters() => new(this);

    private int IndexOf(long request) => _turns[request % _turns.Length];

    private static IEnumerable<int> TurnsOf(IReadOnlyList<MixPart> parts, int cycle)
    {
        var first = 0;
        foreach (var part in parts)
        {
            for (var i = 0; i < part.Weight; i++)
                yield return first + (cycle * part.Weight + i) % part.Generators.Count;
            first += part.Generators.Count;
        }
    }

    /// <summary>Of one connection.</summary>
    internal sealed class Writers(RequestMix mix) : IDisposable
    {
        private readonly IRequestWriter[] _writers = [.. mix._generators.Select(one => one.NewWriter())];

        public int Write(long request, Span<byte> destination)
            => _writers[mix.IndexOf(request)].Write(mix.FirstEventOf(request), destination);

        public void Dispose()
        {
            foreach (var writer in _writers) writer.Dispose();
        }
    }
}
