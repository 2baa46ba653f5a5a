using Gateway.EventsGateway.Audit;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Features.Console.Session;

internal static class SessionAudit
{
    private const string Prefix = "console session ";

    // Operators must be able to log in and out while the store hangs; the store may still write the record later.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    public static string TextOf(string session) => Prefix + session;

    /// <summary>The session that the record ends; null for any other record.</summary>
    public static string? EndedIn(AuditRecord record)
        => record.Action == AuditAction.Logout && record.What.StartsWith(Prefix, StringComparison.Ordinal)
            ? record.What[Prefix.Length..]
            : null;

    public static async Task RecordSessionAsync(
        this AuditWriter audit, Caller by, string action, string what, string result, TimeProvider time)
        => await audit.RecordAsync(by, action, what, result)
            .WaitAsync(Timeout, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
