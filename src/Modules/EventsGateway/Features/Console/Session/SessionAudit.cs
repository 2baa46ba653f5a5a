using Gateway.EventsGateway.Audit;

namespace Gateway.EventsGateway.Features.Console.Session;

internal static class SessionAudit
{
    // Operators must be able to log in and out while the store hangs; the store may still write the record later.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    public static async Task RecordSessionAsync(
        this AuditWriter audit, Caller by, string action, string result, TimeProvider time)
        => await audit.RecordAsync(by, action, "console", result)
            .WaitAsync(Timeout, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
