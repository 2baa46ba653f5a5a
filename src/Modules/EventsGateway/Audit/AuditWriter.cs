using System.Security.Cryptography;
using System.Text;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Audit;

/// <summary>Who did what from where, in the store and in the log.</summary>
internal sealed class AuditWriter(IAuditRepository audit, TimeProvider time, ILogger<AuditWriter> log)
{
    private const int LongestText = 500;

    /// <summary>Enough to tell whether it was this one, for whoever knows the id; nothing for who does not.</summary>
    public static string? Redact(string? id)
        => id is null ? null : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 8))}";

    /// <summary>A deed that cannot be written down is not done: then the fault of the store comes out.</summary>
    public async Task<T> DoAsync<T>(Caller by, string action, string what, Func<Task<T>> deed, Func<T, string> resultOf)
    {
        var id = await audit.BeginAsync(RecordOf(by, action, what, result: null));
        var done = await deed();
        var result = resultOf(done);
        EventsGatewayLog.Audited(log, by.Who, by.From, action, what, result);
        try
        {
            await audit.CompleteAsync(id, result);
        }
        catch (BackendUnavailableException fault)
        {
            // It is done; who asked for it is told so, and the record tells that its end is not known.
            EventsGatewayLog.AuditIncomplete(log, action, fault.Message);
        }

        return done;
    }

    /// <summary>As far as the store can: an operator must get in while it is away.</summary>
    public async Task NoteAsync(Caller by, string action, string what, string result)
    {
        EventsGatewayLog.Audited(log, by.Who, by.From, action, what, result);
        try
        {
            await audit.BeginAsync(RecordOf(by, action, what, result));
        }
        catch (BackendUnavailableException fault)
        {
            EventsGatewayLog.AuditIncomplete(log, action, fault.Message);
        }
    }

    private AuditRecord RecordOf(Caller by, string action, string what, string? result) => new()
    {
        At = time.GetUtcNow(), Who = by.Who, From = by.From, Action = action, What = what.Length > LongestText ? what[..LongestText] : what, Result = result,
    };
}
