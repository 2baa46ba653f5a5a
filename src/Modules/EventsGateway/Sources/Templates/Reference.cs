using Gateway.EventsGateway.Sources.Bodies;

namespace Gateway.EventsGateway.Sources.Templates;

[Flags]
internal enum ReferenceKinds
{
    None = 0,
    Path = 1 << 0,
    Header = 1 << 1,
    Query = 1 << 2,
    Route = 1 << 3,
    Pair = 1 << 4,
    Body = 1 << 5,
    Digest = 1 << 6,
    Received = 1 << 7,
    Id = 1 << 8,
    Secret = 1 << 9,
    Timestamp = 1 << 10,
}

/// <summary>What a template reads. A path has no name; <c>body</c>, <c>digest</c>, … have neither.</summary>
internal sealed record Reference(ReferenceKinds Kind, string Name = "", SourcePath? Path = null)
{
    /// <summary>Those that are one of many of their kind and need a name.</summary>
    public const ReferenceKinds Named = ReferenceKinds.Header | ReferenceKinds.Query | ReferenceKinds.Route | ReferenceKinds.Pair;

    private static readonly ReferenceKinds[] Kinds = Enum.GetValues<ReferenceKinds>()[1..];

    /// <summary>As it is written in a template, without braces.</summary>
    public override string ToString() => Path?.ToString() ?? (Name.Length > 0 ? $"{Word(Kind)}.{Name}" : Word(Kind));

    public static ReferenceKinds KindOf(string word)
        => Array.Find(Kinds, kind => kind != ReferenceKinds.Path && Word(kind) == word);

    /// <summary>For an error: <c>$.path, header.NAME or digest</c>.</summary>
    public static string Describe(ReferenceKinds kinds) => string.Join(", ", Kinds.Where(kind => kinds.HasFlag(kind))
        .Select(kind => kind == ReferenceKinds.Path ? "$.path" : Named.HasFlag(kind) ? $"{Word(kind)}.NAME" : Word(kind)));

    private static string Word(ReferenceKinds kind) => kind.ToString().ToLowerInvariant();
}
