using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Sources.Verification;
using Gateway.Shared.Operator;

namespace Gateway.EventsGateway.Sources;

/// <param name="Source">The source.</param>
/// <param name="Route">The values of the segments <c>{x}</c>.</param>
internal sealed record SourceMatch(Source Source, IReadOnlyDictionary<string, string> Route);

/// <summary>All configured sources of one moment. A reload makes a new table; a request uses one table to its end.</summary>
internal sealed class SourceTable(IReadOnlyList<Source> sources)
{
    public static readonly SourceTable Empty = new([]);

    private readonly Dictionary<string, Source> _byName
        = sources.ToDictionary(source => source.Name, StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<Source> All => sources;

    /// <summary>Of the built-in source, beside Gateway:Webhook:Secret: for a rotation without a rejected request.</summary>
    public IReadOnlyList<SourceSecret> BuiltInSecrets { get; init; } = [];

    /// <summary>Of the built-in source, for tries; null where this process has no secret.</summary>
    public Verifier? BuiltInVerifier { get; init; }

    /// <summary>Of the built-in source too, without Gateway:Webhook:Secret.</summary>
    public IEnumerable<(string Source, SourceSecret Secret)> Secrets =>
    [
        .. BuiltInSecrets.Select(secret => (CanonicalEvent.BuiltInSource, secret)),
        .. sources.SelectMany(source => (source.Verifier?.Secrets ?? []).Select(secret => (source.Name, secret))),
    ];

    /// <summary>The name in any case.</summary>
    public Source? ByName(string name) => _byName.GetValueOrDefault(name);

    /// <param name="target">The request target as it was sent, not decoded: <c>/v1/sources/dhl?x=1</c>.</param>
    public SourceMatch? Find(string target)
    {
        if (sources.Count == 0 || RequestPattern.SegmentsOf(target) is not { } segments) return null;
        foreach (var source in sources)
            if (source.Path.Match(segments) is { } route) return new SourceMatch(source, route);
        return null;
    }
}

/// <summary>The secrets of the table that runs, and that of Gateway:Webhook:Secret.</summary>
internal sealed class SenderSecrets(CurrentSources sources, string webhookSecret) : ISenderSecrets
{
    private readonly byte[] _webhookSecret = OperatorKey.HashOf(webhookSecret);

    public string? OwnerOf(ReadOnlySpan<byte> hash)
    {
        if (hash.SequenceEqual(_webhookSecret)) return CanonicalEvent.BuiltInSource;
        foreach (var (source, secret) in sources.Table.Secrets)
            if (hash.SequenceEqual(secret.Hash)) return source;
        return null;
    }
}

/// <summary>The table that runs, and why a newer file does not.</summary>
internal sealed class CurrentSources(SourceTable table)
{
    private SourceTable _table = table;
    private IReadOnlyList<string> _errors = [];

    public SourceTable Table => Volatile.Read(ref _table);

    /// <summary>Why the files of the sources are not used as they are now; empty while they are.</summary>
    public IReadOnlyList<string> Errors => Volatile.Read(ref _errors);

    public void Replace(SourceTable table)
    {
        Volatile.Write(ref _table, table);
        Volatile.Write(ref _errors, []);
    }

    public void Keep(IReadOnlyList<string> errors) => Volatile.Write(ref _errors, errors);
}
