using System.Net.Sockets;
using Gateway.Shared.Errors;
using MongoDB.Driver;

namespace Gateway.Shared.Mongo;

/// <summary>
/// Translates the driver's exceptions. An exception that leaves the result unknown (connection, timeout, no primary, write
/// concern) is a fault of the store; a document that the store rejects is not.
/// </summary>
public static class MongoFault
{
    private const string Backend = "mongo";

    /// <summary>E11000 and its older forms.</summary>
    public static readonly int[] DuplicateKey = [11000, 11001, 12582];

    // Bad value, wrong type, empty names or names with $ or dots, schema validation, too large. All other codes, also those of
    // later versions, concern the server: a valid event must not be quarantined for them.
    private static readonly HashSet<int> DocumentErrors =
        [2, 9, 14, 16, 17, 22, 52, 53, 54, 55, 56, 57, 121, 10334, 17280, 17419, 17420];

    public static bool IsRejection(int code) => DocumentErrors.Contains(code);

    /// <summary>The connection was lost, or an index of a query is missing.</summary>
    internal static bool MayBeReplaced(Exception fault)
        => fault is MongoConnectionException or TimeoutException or MongoCommandException { Code: 2 };

    public static bool IsDuplicateKey(MongoException fault) => fault switch
    {
        MongoCommandException command => DuplicateKey.Contains(command.Code),
        MongoWriteException write => write.WriteError is { } error && DuplicateKey.Contains(error.Code),
        _ => false,
    };

    internal static bool IsOne(Exception fault)
        => fault is MongoException or TimeoutException or OperationCanceledException or ObjectDisposedException or SocketException
            or IOException;

    internal static BackendUnavailableException From(Exception fault, TimeSpan limit)
        => new(Backend, Reason(fault, limit), fault);

    public static BackendUnavailableException Because(string reason, Exception? inner = null) => new(Backend, reason, inner);

    // The message of a server selection timeout has the whole cluster state with stack traces; only the cause is useful.
    private static string Reason(Exception fault, TimeSpan limit) => fault switch
    {
        ObjectDisposedException => "the connection is closed",
        OperationCanceledException => $"no answer within {limit.TotalSeconds:0.#} s",
        TimeoutException when Rooted(fault.Message) is { } root => $"no primary available: {root}",
        MongoConnectionException { InnerException: { } inner } => $"{fault.Message} {inner.Message}",
        _ => fault.Message,
    };

    private static string? Rooted(string clusterState)
    {
        const string mark = "---> System.Net.Sockets.SocketException";
        var at = clusterState.IndexOf(mark, StringComparison.Ordinal);
        if (at < 0) return clusterState.Contains("selecting a server", StringComparison.Ordinal) ? "none known" : null;
        var line = clusterState[(at + mark.Length)..].Split('\n')[0];
        return line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
