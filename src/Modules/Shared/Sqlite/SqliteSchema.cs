namespace Gateway.Shared.Sqlite;

/// <summary>What a module keeps in the file: scripts applied in order, once each (<c>PRAGMA user_version</c> counts them).</summary>
public sealed record SqliteSchema(IReadOnlyList<string> Scripts);
