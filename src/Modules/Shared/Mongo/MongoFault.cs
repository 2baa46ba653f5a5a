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
    private const string Engine = "mongo";

    /// <summary>E11000 and its older forms.</summary>
    public static readonly int[] DuplicateKey = [11000, 11001, 12582];

    // Told with a write, but about the server: stepping down, shutting down, out of time, memory or disk, not allowed.
    private static readonly HashSet<int> OfTheServer =
    [
        1, 6, 7, 8, 11, 13, 18, 24, 39, 43, 46, 50, 63, 64, 79, 89, 91, 96, 100, 112, 133, 134, 146, 150, 189, 202, 234, 246, 251,
        262, 279, 290, 292, 317, 344, 384, 9001, 10058, 10107, 11600, 11601, 11602, 13297, 13388, 13435, 13436, 14031, 17405, 50768,
    ];

    public static bool IsRefusal(int code) => !OfTheServer.Contains(code) && !DuplicateKey.Contains(code);

    public static bool IsDuplicateKey(MongoException fault) => fault switch
    {
        MongoCommandException command => DuplicateKey.Contains(command.Code),
        MongoWriteException write => write.WriteError is { } error && DuplicateKey.Contains(error.Code),
        _ => false,
    };

    internal static bool IsOne(Exception fault)
        => fault is MongoException or TimeoutException or OperationCanceledException or ObjectDisposedException or SocketException
            or IOException;

    internal static EngineFaultException From(Exception fault, TimeSpan patience) => new(Engine, Reason(fault, patience), fault);

    public static EngineFaultException Because(string reason, Exception? inner = null) => new(Engine, reason, inner);

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
