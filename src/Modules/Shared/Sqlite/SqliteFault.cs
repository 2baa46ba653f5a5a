using Gateway.Shared.Errors;
using Microsoft.Data.Sqlite;

namespace Gateway.Shared.Sqlite;

/// <summary>Translates faults of the database.</summary>
internal static class SqliteFault
{
    // SQLITE_CORRUPT and SQLITE_NOTADB.
    private static readonly int[] Damage = [11, 26];

    // Errors of one row (SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH): the write is wrong, the database works.
    private static readonly int[] RowFaults = [18, 19, 20];

    public const string WayOut = "stop the gateway, restore a backup or run .recover, start it "
        + "(docs/operations/runbook.md, The database file)";

    public static bool IsDamage(Exception fault)
        => fault is SqliteException sqlite && Damage.Contains(sqlite.SqliteErrorCode);

    public static bool IsOutage(Exception fault)
        => fault is SqliteException sqlite && !RowFaults.Contains(sqlite.SqliteErrorCode);

    public static BackendUnavailableException From(Exception fault)
        => fault as BackendUnavailableException ?? new("sqlite", fault.Message, fault);

    public static BackendUnavailableException Closed(Exception? inner = null) => new("sqlite", "the file is closed", inner);
}
