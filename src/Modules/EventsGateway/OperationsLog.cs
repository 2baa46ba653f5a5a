using Gateway.Shared.Errors;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway;

/// <summary>
/// Log messages beside those of <see cref="EventsGatewayLog"/>, in a class of their own: the generator writes the parts of one
/// class in an order that changes from build to build.
/// 230-239 operators, 240-249 NestJS (241 is of the host), 250-259 status and alerts, 260-269 queue reader, dead letters, backlog
/// and traffic summary, 270-279 retention, 280-289 console.
/// </summary>
internal static partial class OperationsLog
{
    [LoggerMessage(230, LogLevel.Information, "Replayed {Replayed} failed events, {Remaining} remain")]
    public static partial void Replayed(ILogger log, int replayed, int remaining);

    [LoggerMessage(231, LogLevel.Warning, "Deduplication cache cleared: {Cleared} keys")]
    public static partial void DeduplicationCacheCleared(ILogger log, long cleared);

    [LoggerMessage(232, LogLevel.Information, "Operator {Who} from {From}: {Action} {What}: {Result}")]
    public static partial void Audited(
        ILogger log, OutsideText who, OutsideText from, OutsideText action, OutsideText what, OutsideText result);

    [LoggerMessage(233, LogLevel.Warning, "Audit record of {Action} is incomplete: {Error}")]
    public static partial void AuditIncomplete(ILogger log, OutsideText action, OutsideText error);

    [LoggerMessage(234, LogLevel.Information, "Dismissed {Dismissed} events, {InWork} are in work, {Remaining} remain")]
    public static partial void Dismissed(ILogger log, int dismissed, int inWork, int remaining);

    [LoggerMessage(235, LogLevel.Warning,
        "Erased {Events} events, {Containers} containers and {Shipments} shipments, {Remaining} events remain")]
    public static partial void Erased(ILogger log, int events, int containers, int shipments, int remaining);

    [LoggerMessage(236, LogLevel.Warning,
        "Write-ahead log not truncated, it may still hold erased data: {Error}; the next retention run retries")]
    public static partial void WalNotTruncated(ILogger log, OutsideText error);

    [LoggerMessage(237, LogLevel.Warning,
        "Logouts in other processes are not known, sessions that ended there may be valid here: {Error}")]
    public static partial void EndedSessionsUnknown(ILogger log, OutsideText error);

    [LoggerMessage(240, LogLevel.Warning,
        "Queue {Queue} of the NestJS original does not exist yet; only the gateway's own queue is read")]
    public static partial void NestQueueAbsent(ILogger log, OutsideText queue);

    [LoggerMessage(242, LogLevel.Warning,
        "Queue {Queue} of the NestJS original has {Count} consumers of another program; what they take is not routed here: stop "
        + "them")]
    public static partial void NestQueueShared(ILogger log, OutsideText queue, long count);

    [LoggerMessage(243, LogLevel.Information, "Queue {Queue} of the NestJS original is read by workers of the gateway alone")]
    public static partial void NestQueueOwn(ILogger log, OutsideText queue);

    [LoggerMessage(250, LogLevel.Error, "Unhandled exception while the rules of the status were evaluated")]
    public static partial void StatusUnknown(ILogger log, Exception exception);

    [LoggerMessage(260, LogLevel.Information, "Queue reader started")]
    public static partial void QueueReaderStarted(ILogger log);

    [LoggerMessage(261, LogLevel.Error, "Queue reader paused, events stay in the queue: {Error}")]
    public static partial void QueueReaderPaused(ILogger log, OutsideText error, Exception? exception);

    [LoggerMessage(262, LogLevel.Error, "Event {EventKey} quarantined: {Reason}, {Error}")]
    public static partial void Quarantined(ILogger log, OutsideText eventKey, OutsideText reason, OutsideText error);

    [LoggerMessage(263, LogLevel.Warning, "Dead letters could not be published, publishing is retried: {Error}")]
    public static partial void DeadLettersWait(ILogger log, OutsideText error, Exception? exception);

    [LoggerMessage(264, LogLevel.Warning, "The backlog could not be read: {Error}")]
    public static partial void BacklogUnknown(ILogger log, OutsideText error, Exception? exception);

    [LoggerMessage(265, LogLevel.Information,
        "Last minute: {Accepted} accepted, {Duplicates} duplicates, {Rejected} rejected{Reasons}, {Processed} processed, "
        + "{Failed} failed; {Pending} pending")]
    public static partial void TrafficSummary(
        ILogger log, long accepted, long duplicates, long rejected, OutsideText reasons, long processed, long failed,
        object pending);

    [LoggerMessage(267, LogLevel.Warning, "Other processes do not see this one in the list of processes: {Error}")]
    public static partial void HeartbeatNotWritten(ILogger log, OutsideText error, Exception? exception);

    [LoggerMessage(268, LogLevel.Warning,
        "Points of the history were not stored, those of the last hour are stored later: {Error}")]
    public static partial void HistoryNotStored(ILogger log, OutsideText error, Exception? exception);

    [LoggerMessage(266, LogLevel.Error, "Unhandled exception in the traffic summary")]
    public static partial void TrafficSummaryBroke(ILogger log, Exception exception);

    [LoggerMessage(270, LogLevel.Information,
        "Retention removed {Events} events, trimmed {Shipments} shipments, expired {Records} tombstones and audit records")]
    public static partial void PurgeDone(ILogger log, int events, int shipments, int records);

    [LoggerMessage(271, LogLevel.Warning, "Retention could not run: {Error}; next try in {Wait}")]
    public static partial void PurgeWaits(ILogger log, OutsideText error, TimeSpan wait, Exception? exception);

    [LoggerMessage(280, LogLevel.Error, "Unhandled exception while sampling the console's live metrics")]
    public static partial void LiveSampleFailed(ILogger log, Exception exception);
}
