using System.Security.Cryptography;
using System.Text;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Audit;

/// <summary>Writes the actions of operators into the audit log and the process log.</summary>
internal sealed class AuditWriter(IAuditRepository audit, TimeProvider time, ILogger<AuditWriter> log)
{
    private const int MaxText = 500;

    /// <summary>A hash that confirms a known id and does not reveal an unknown one.</summary>
    public static string? Redact(string? id)
        => id is null ? null : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 8))}";

    /// <summary>
    /// Records the action, then runs it. If the store cannot record it, the action does not run and the exception is thrown.
    /// </summary>
    public async Task<T> RunAsync<T>(Caller by, string action, string what, Func<Task<T>> run, Func<T, string> resultOf)
    {
        var id = await audit.BeginAsync(RecordOf(by, action, what, result: null));
        var outcome = await run();
        var result = resultOf(outcome);
        OperationsLog.Audited(log, by.Who, by.From, action, what, result);
        try
        {
            await audit.CompleteAsync(id, result);
        }
        catch (BackendUnavailableException fault)
        {
            // The action has succeeded, so the response is not an error. Its record stays without a result.
            OperationsLog.AuditIncomplete(log, action, fault.Message);
        }

        return outcome;
    }

    /// <summary>Records a login or logout if the store is available: operators must be able to log in while it is not.</summary>
    public async Task RecordAsync(Caller by, string action, string what, string result)
    {
        OperationsLog.Audited(log, by.Who, by.From, action, what, result);
        try
        {
            await audit.BeginAsync(RecordOf(by, action, what, result));
        }
        catch (BackendUnavailableException fault)
        {
            OperationsLog.AuditIncomplete(log, action, fault.Message);
        }
    }

    private AuditRecord RecordOf(Caller by, string action, string what, string? result) => new()
    {
        At = time.GetUtcNow(),
        Who = by.Who,
        From = by.From,
        Action = action,
        What = what.Length > MaxText ? what[..MaxText] : what,
        Result = result,
    };
}

/// <summary>The operator behind a request: name and address, as in an audit record.</summary>
internal readonly record struct Caller(string Who, string From)
{
    public static Caller Of(HttpContext http) => Of(http, http.Operator());

    public static Caller Of(HttpContext http, OperatorIdentity who) => new(who.Name, RemoteAddress.Of(http)?.ToString() ?? "");
}
