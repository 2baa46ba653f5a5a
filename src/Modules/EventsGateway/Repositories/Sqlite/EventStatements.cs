using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Repositories.Sqlite;

/// <summary>
/// The statements of the work list. Each is one conditional write: what it finds changed, it leaves alone.
/// They name their index, because the planner would walk and sort everything that is pending for each claim.
/// </summary>
internal static class EventStatements
{
    private const string Claimable = "status = 'pending' AND claimToken IS NULL AND dueAt <= @now";

    // The last 50 are kept.
    private const string RoomForAttempt =
        "CASE WHEN json_array_length(attempts) >= 50 THEN json_remove(attempts, '$[0]') ELSE attempts END";

    public const string Add = """
        INSERT INTO events (shippingCompanyId, eventId, merchantId, shipmentId, type, occurredAt, receivedAt, body,
            headers, traceparent, acceptIds, status, outcome, lastError, requeuedAt, dueAt)
        VALUES (@company, @event, @merchant, @shipment, @type, @occurredAt, @receivedAt, @body,
            @headers, @traceparent, json_array(@acceptId), @status, @outcome, @error, @now, @dueAt)
        ON CONFLICT (shippingCompanyId, eventId) DO NOTHING
        """;

    /// <summary>Once per group: rows that change their status later are counted by their trigger.</summary>
    public const string CountAdded = "UPDATE counts SET n = n + @added WHERE status = @status";

    // A row with a defect has nothing to live for.
    private const string Replayable = "+status = 'failed' AND coalesce(outcome, '') NOT IN ('unreadable', 'unstorable')";

    /// <summary>What is there instead: its id, may it be revived, is this acceptance known, is the body the same.</summary>
    public const string LookAgain = $"""
        SELECT id, {Replayable}, EXISTS (SELECT 1 FROM json_each(acceptIds) WHERE value = @acceptId), body = @body
        FROM events WHERE shippingCompanyId = @company AND eventId = @event
        """;

    /// <summary>The last 32 acceptances are remembered.</summary>
    public const string RememberAcceptance = """
        UPDATE events SET acceptIds = json_insert(
            CASE WHEN json_array_length(acceptIds) >= 32 THEN json_remove(acceptIds, '$[0]') ELSE acceptIds END,
            '$[#]', @acceptId)
        WHERE id = @id
        """;

    // The + of Revivable keeps the planner from walking all failed events to find the few that are named.
    private const string NextGeneration = $"""
        UPDATE events SET status = 'pending', generation = generation + 1, requeuedAt = @now, requeuedBy = @by, firstAttemptAt = NULL,
            attemptsSpent = 0, abandonedAttempts = 0, outcome = NULL, lastError = NULL, dueAt = @now
        WHERE {Replayable} AND
        """;

    public const string RequeueRow = NextGeneration + " id = @id";

    public const string RequeueKey = NextGeneration + " shippingCompanyId = @company AND eventId = @event";

    /// <summary>
    /// 1, 2, 4 … 60 s of rest after each interruption. From the fifth on the event is claimed alone; the tenth, the
    /// fifth while alone, ends it: twenty kills in a row fail no innocent event, for its turns come too far apart.
    /// </summary>
    public const string ExpireClaims = $"""
        UPDATE events SET
            attempts = json_insert(
                {RoomForAttempt}, '$[#]',
                json_object('generation', generation, 'number', attemptsSpent + 1, 'result', 'abandoned',
                    'startedAt', strftime('%Y-%m-%dT%H:%M:%fZ', claimedAt / 1000.0, 'unixepoch'))),
            abandonedAttempts = abandonedAttempts + 1,
            status = CASE WHEN abandonedAttempts + 1 >= 10 THEN 'failed' ELSE status END,
            outcome = CASE WHEN abandonedAttempts + 1 >= 10 THEN 'poison' END,
            lastError = CASE WHEN abandonedAttempts + 1 >= 10
                THEN '{EventOutcome.PoisonReason}' ELSE lastError END,
            dueAt = CASE WHEN abandonedAttempts + 1 >= 10 THEN NULL ELSE @now + min(60000, 1000 << min(abandonedAttempts, 6)) END,
            claimToken = NULL, claimedAt = NULL
        WHERE claimToken IS NOT NULL AND dueAt <= @expiredAt
        RETURNING shippingCompanyId, eventId, status
        """;

    public const string AnyIsolatedDue = $"SELECT 1 FROM events INDEXED BY events_isolated WHERE {Claimable} AND abandonedAttempts >= 5 LIMIT 1";

    /// <summary>When something waiting becomes due, or a claim runs out.</summary>
    public const string NextDue = """
        SELECT min(at) FROM (
            SELECT min(dueAt) AS at FROM events INDEXED BY events_due
                WHERE status = 'pending' AND claimToken IS NULL AND dueAt > @now
            UNION ALL SELECT min(dueAt) FROM events INDEXED BY events_claimed WHERE claimToken IS NOT NULL)
        """;

    public const string FirstPending = """
        SELECT generation, receivedAt, requeuedAt FROM events INDEXED BY events_status WHERE status = 'pending' ORDER BY receivedAt LIMIT @limit
        """;

    public const string OldestDue = $"SELECT min(dueAt) FROM events INDEXED BY events_due WHERE {Claimable}";

    public const string Save = $"""
        UPDATE events SET
            status = CASE @end WHEN 'Processed' THEN 'processed' WHEN 'Failed' THEN 'failed' ELSE 'pending' END,
            processedAt = CASE @end WHEN 'Processed' THEN @now END,
            outcome = @outcome,
            routeId = @routeId,
            lastError = CASE @end WHEN 'Processed' THEN NULL WHEN 'Released' THEN lastError ELSE @error END,
            attempts = CASE WHEN @record IS NULL THEN attempts WHEN @replaces = 1 THEN json_replace(attempts, '$[#-1]', json(@record))
                ELSE json_insert({RoomForAttempt}, '$[#]', json(@record)) END,
            attemptsSpent = attemptsSpent + @spent,
            firstAttemptAt = CASE WHEN @spent = 1 THEN coalesce(firstAttemptAt, @startedAt) ELSE firstAttemptAt END,
            abandonedAttempts = CASE @end WHEN 'Released' THEN abandonedAttempts ELSE 0 END,
            dueAt = CASE WHEN @end IN ('Retry', 'Released') THEN @dueAt END,
            claimToken = NULL, claimedAt = NULL
        WHERE shippingCompanyId = @company AND eventId = @event AND claimToken = @token
        """;

    public const string Probe = "INSERT INTO probe VALUES (1, @now) ON CONFLICT (id) DO UPDATE SET at = excluded.at";

    /// <summary>A life begins after its event was received; the hour is for clocks that were set meanwhile.</summary>
    public const string TooOld = """
        SELECT id FROM events INDEXED BY events_status
        WHERE status = 'pending' AND receivedAt <= @bornBefore + 3600000 AND claimToken IS NULL AND requeuedAt <= @bornBefore
        LIMIT @limit
        """;

    public const string FailOverdue = """
        UPDATE events SET status = 'failed', outcome = 'deadline-exceeded', dueAt = NULL,
            lastError = @error || coalesce('; last error: ' || lastError, '')
        WHERE id IN (SELECT value FROM json_each(@ids)) AND status = 'pending' AND claimToken IS NULL AND requeuedAt <= @bornBefore
        RETURNING shippingCompanyId, eventId
        """;

    /// <summary>From the index alone, however many there are.</summary>
    public const string GroupFailures = $"""
        SELECT coalesce(outcome, ''), CASE WHEN outcome IN ('{EventOutcome.RetriesExhausted}', '{EventOutcome.RejectedByRouter}', '{EventOutcome.DeadlineExceeded}') THEN lastError END,
            count(*), min(receivedAt), max(receivedAt)
        FROM events INDEXED BY events_failed WHERE status = 'failed' GROUP BY 1, 2
        """;

    public static string Claim(ClaimOrder order) => order switch
    {
        ClaimOrder.Oldest => ClaimOldest,
        ClaimOrder.Newest => ClaimNewest,
        ClaimOrder.Isolated => ClaimIsolated,
        _ => throw new ArgumentOutOfRangeException(nameof(order), order, null),
    };

    public static string RequeueWhere(string where)
        => $"{NextGeneration} id IN (SELECT id FROM events WHERE {where} AND {Replayable} AND requeuedAt < @asOf ORDER BY receivedAt LIMIT @limit)";

    public static string CountReplayable(string where) => $"SELECT count(*) FROM events WHERE {where} AND {Replayable} AND requeuedAt < @asOf";

    private const string ClaimHead = """
        UPDATE events SET claimToken = @token, claimedAt = @now, dueAt = @until
        WHERE id IN (SELECT id FROM events INDEXED BY
        """;

    private const string ClaimTail = $" LIMIT @limit) RETURNING {EventRow.ColumnsWithBody}";

    private const string ClaimOldest
        = $"{ClaimHead} events_due WHERE {Claimable} AND abandonedAttempts < 5 ORDER BY dueAt {ClaimTail}";

    private const string ClaimNewest
        = $"{ClaimHead} events_status WHERE {Claimable} AND abandonedAttempts < 5 ORDER BY receivedAt DESC {ClaimTail}";

    private const string ClaimIsolated
        = $"{ClaimHead} events_isolated WHERE {Claimable} AND abandonedAttempts >= 5 ORDER BY dueAt {ClaimTail}";
}
