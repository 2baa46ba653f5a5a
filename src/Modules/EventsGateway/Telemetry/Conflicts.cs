using System.Security.Cryptography;
using Gateway.EventsGateway.Queue;
using Gateway.Shared;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Telemetry;

/// <summary>
/// The same key with another body, wherever that is noticed: all are counted, one in a second is logged, and ten are kept for an
/// operator, for a record costs the hash of a body.
/// </summary>
internal sealed class Conflicts(GatewayMetrics metrics, Refusals refusals, TimeProvider time, ILogger<Conflicts> log)
{
    private const string Hint = "an event with this id was accepted before with another body, which stays; a correction needs an event id of its own";

    private readonly LogLimiter _lines = new(time);
    private readonly LogLimiter _records = new(time, perSecond: 10);

    public void Add(AcceptedEvent e)
    {
        metrics.AddConflict();
        if (_lines.Allows()) EventsGatewayLog.Conflict(log, e.Key, new TraceId(e.Traceparent));
        if (_records.Allows()) refusals.Add(RecordOf(e));
    }

    private static Refusal RecordOf(AcceptedEvent e) => new()
    {
        At = e.ReceivedAt,
        Status = StatusCodes.Status202Accepted,
        Reason = RefusalReason.Conflict,
        Message = "accepted",
        Hint = Hint,
        BodyBytes = e.Body.Length,
        BodySha256 = Convert.ToHexStringLower(SHA256.HashData(e.Body)),
        ShippingCompanyId = e.Key.ShippingCompanyId,
        EventId = e.Key.EventId,
    };
}
