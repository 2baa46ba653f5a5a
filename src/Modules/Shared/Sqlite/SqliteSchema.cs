namespace Gateway.Shared.Sqlite;

/// <summary>The tables of a module: scripts that run in order, once each; <c>PRAGMA user_version</c> counts them.</summary>
public sealed record SqliteSchema(IReadOnlyList<string> Scripts);
