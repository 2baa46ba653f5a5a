namespace Gateway.Shared.Sqlite;

/// <summary>The tables of a module: scripts that run in order, once each; <c>PRAGMA user_version</c> counts them.</summary>
public sealed record SqliteSchema(IReadOnlyList<string> Scripts)
{
    /// <summary>For the scripts: what is not written in SQL. A null argument gives null.</summary>
    public IReadOnlyDictionary<string, Func<string, string?>> Functions { get; init; } =
        new Dictionary<string, Func<string, string?>>();
}
