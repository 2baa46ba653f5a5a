using Gateway.Shared.Errors;
using Microsoft.Data.Sqlite;

namespace Gateway.Shared.Sqlite;

/// <summary>Translates faults of the database.</summary>
internal static class SqliteFault
{
    // Errors of one row (SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH): the write is wrong, the database works.
    private static readonly int[] RowFaults = [18, 19, 20];

    public static bool IsOutage(Exception fault)
        => fault is SqliteException sqlite && !RowFaults.Contains(sqlite.SqliteErrorCode);

    public static BackendUnavailableException From(Exception fault) => new("sqlite", fault.Message, fault);

    public static BackendUnavailableException Closed(Exception? inner = null) => new("sqlite", "the file is closed", inner);
}
