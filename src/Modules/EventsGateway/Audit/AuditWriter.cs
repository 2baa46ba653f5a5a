using System.Security.Cryptography;
using System.Text;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Audit;

/// <summary>Writes the audit log: which operator did what, and from which address. The log gets each record too.</summary>
internal sealed class AuditWriter(IAuditRepository audit, TimeProvider time, ILogger<AuditWriter> log)
{
    private const int LongestText = 500;

    /// <summary>A hash of an id: a reader who knows the id can recognise it.</summary>
    public static string? Redact(string? id)
        => id is null ? null : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 8))}";

    /// <summary>
    /// Writes the record before the action. Where the store cannot take it, its fault is thrown and nothing is done.
    /// </summary>
    public async Task<T> DoAsync<T>(Caller by, string action, string what, Func<Task<T>> act, Func<T, string> resultOf)
    {
        var id = await audit.BeginAsync(RecordOf(by, action, what, result: null));
        var done = await act();
        var result = resultOf(done);
        EventsGatewayLog.Audited(log, by.Who, by.From, action, what, result);
        try
        {
            await audit.CompleteAsync(id, result);
        }
        catch (BackendUnavailableException fault)
        {
            // The action is done and the operator gets its result; the record stays without one.
            EventsGatewayLog.AuditIncomplete(log, action, fault.Message);
        }

        return done;
    }

    /// <summary>Does not fail where the store is unavailable: an operator must be able to log in then.</summary>
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
        At = time.GetUtcNow(), Who = by.Who, From = by.From, Action = action, Result = result,
        What = what.Length > LongestText ? what[..LongestText] : what,
    };
}
