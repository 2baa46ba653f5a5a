using System.Net.Sockets;
using Gateway.Shared.Errors;
using MongoDB.Driver;

namespace Gateway.Shared.Mongo;

/// <summary>
/// The one place where the driver's exceptions become ours. Whatever leaves it unknown what the store did (connection,
/// time-out, no primary, write concern) is a fault of the store; a document that it refuses is not.
/// </summary>
public static class MongoFault
{
    private const string Backend = "mongo";

    /// <summary>E11000 and its older forms.</summary>
    public static readonly int[] DuplicateKey = [11000, 11001, 12582];

    // Bad value, wrong type, names with $ or dots or nothing, not valid by the collection's rules, too large. Whatever is
    // not listed is about the server, also what a later version will say: a good event must not be set aside for it.
    private static readonly HashSet<int> OfTheDocument =
        [2, 9, 14, 16, 17, 22, 52, 53, 54, 55, 56, 57, 121, 10334, 17280, 17419, 17420];

    public static bool IsRefusal(int code) => OfTheDocument.Contains(code);

    /// <summary>The connection was lost, or an index that a query names is not there.</summary>
    internal static bool MayBeAnother(Exception fault)
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

    internal static BackendUnavailableException From(Exception fault, TimeSpan patience) => new(Backend, Reason(fault, patience), fault);

    public static BackendUnavailableException Because(string reason, Exception? inner = null) => new(Backend, reason, inner);

    // A selection that timed out carries the whole cluster with stack traces; a reader needs the first sentence.
    private static string Reason(Exception fault, TimeSpan patience) => fault switch
    {
        ObjectDisposedException => "the connection is closed",
        OperationCanceledException => $"no answer within {patience.TotalSeconds:0.#} s",
        TimeoutException when Rooted(fault.Message) is { } root => $"no primary to be reached: {root}",
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
