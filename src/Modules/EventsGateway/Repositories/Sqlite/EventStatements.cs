using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Repositories.Sqlite;

/// <summary>
/// The statements of the work list. Each write is conditional: it does not change a row that another call has changed.
/// Queries name their index, because the planner would otherwise read and sort all pending rows for each claim.
/// </summary>
internal static class EventStatements
{
    private static readonly string Claimable = "status = 'pending' AND claimToken IS NULL AND dueAt <= @now";
    private static readonly string Isolated = $"{Claimable} AND abandonedAttempts >= {CrashLoopPolicy.IsolatedFrom}";
    private static readonly string NotIsolated = $"{Claimable} AND abandonedAttempts < {CrashLoopPolicy.IsolatedFrom}";

    private static readonly string HasNoDefect = $"coalesce(outcome, '') NOT IN ({Texts(EventOutcome.NotReplayable)})";

    // A container has no merchant and is in no scope. A source of NULL is the built-in one.
    private const string ScopeSource
        = $"CASE merchantId WHEN '' THEN '' ELSE coalesce(source, '{CanonicalEvent.BuiltInSource}') END";

    // As source/merchant, with nothing for any. Pairs in place of texts took 2 µs per row instead of 0.6, because SQLite compares
    // them one by one; a list that depended on the row would be read for each, and the row with it.
    private static readonly string InScopes = string.Join(
        " OR ",
        new[] { $"{ScopeSource} || '/' || merchantId", $"{ScopeSource} || '/'", "'/' || merchantId" }.Select(
            scope => $"{scope} IN (SELECT value FROM json_each(@scopes))"));

    private static readonly string NotExcepted = $" AND NOT ({InScopes})";

    private static readonly string RoomForAttempt =
        $"CASE WHEN json_array_length(attempts) >= {AttemptRecord.Kept} THEN json_remove(attempts, '$[0]') ELSE attempts END";

    public static readonly string Add = """
        INSERT INTO events (shippingCompanyId, eventId, merchantId, shipmentId, type, occurredAt, receivedAt, effectiveAt,
            implausibleTime, body, headers, traceparent, requestId, acceptIds, status, outcome, lastError, requeuedAt, dueAt,
            details)
        VALUES (@company, @event, @merchant, @shipment, @type, @occurredAt, @receivedAt, @effectiveAt,
            @implausibleTime, @body, @headers, @traceparent, @requestId, json_array(@acceptId),
            @status, @outcome, @error, @now, @dueAt,
            @details)
        ON CONFLICT (shippingCompanyId, eventId) DO NOTHING
        """;

    /// <summary>After the insert of an event that has them: each parameter makes an insert 0.6 µs slower.</summary>
    public static readonly string AddSource = """
        UPDATE events SET source = @source, secretId = @secretId, afterEnd = @afterEnd,
            itemIndex = @itemIndex, requestDigest = @requestDigest
        WHERE id = last_insert_rowid()
        """;

    /// <summary>Runs once per group of added events. Later changes of a status are counted by a trigger.</summary>
    public static readonly string CountAdded = "UPDATE counts SET n = n + @added WHERE status = @status";

    // The + disables the index of the status: by it the planner would read all failed rows to find a few keys.
    private static readonly string Resubmittable = $"+status = 'failed' AND {HasNoDefect}";

    private static readonly string Replayable
        = $"(+status IN ('failed', 'dismissed') AND {HasNoDefect} OR +status = 'processed' AND outcome = '{EventOutcome.Late}')";

    /// <summary>
    /// Of a stored event: its id, whether it is replayable, whether this acceptance is known, and its body if that differs.
    /// </summary>
    public static readonly string FindStored = $"""
        SELECT id, {Resubmittable} AS isReplayable, CASE WHEN body <> @body THEN body END AS otherBody,
            EXISTS (SELECT 1 FROM json_each(acceptIds) WHERE value = @acceptId) AS isKnown
        FROM events WHERE shippingCompanyId = @company AND eventId = @event
        """;

    /// <summary>
    /// A process may have accepted the event earlier than the one whose acceptance was stored first. That one stays: its answer
    /// had its id.
    /// </summary>
    public static readonly string RememberAcceptance = $"""
        UPDATE events SET receivedAt = CASE status WHEN 'pending' THEN min(receivedAt, @receivedAt) ELSE receivedAt END,
            acceptIds = json_insert(
            CASE WHEN json_array_length(acceptIds) >= {EventEntity.AcceptancesKept}
                THEN json_remove(acceptIds, '$[1]') ELSE acceptIds END,
            '$[#]', @acceptId)
        WHERE id = @id
        """;

    private static readonly string NextGeneration = $"""
        UPDATE events SET status = 'pending', generation = generation + 1, requeuedAt = @now, requeuedBy = @by,
            firstAttemptAt = NULL, firstFailedAt = NULL, tries = 0, attemptsSpent = 0, abandonedAttempts = 0,
            outcome = NULL, lastError = NULL, dueAt = @dueAt, processedAt = NULL, dismissedAt = NULL, dismissedBy = NULL
        WHERE {Replayable} AND
        """;

    public static readonly string RequeueRow = NextGeneration + " id = @id";

    public static readonly string RequeueKey = NextGeneration + " shippingCompanyId = @company AND eventId = @event";

    /// <summary>The different numbers of abandoned attempts among events with an expired claim: one update for each.</summary>
    public static readonly string ExpiredClaims = """
        SELECT DISTINCT abandonedAttempts FROM events INDEXED BY events_claimed
        WHERE claimToken IS NOT NULL AND dueAt <= @expiredAt
        """;

    public static readonly string ExpireClaims = $"""
        UPDATE events SET
            attempts = json_insert(
                {RoomForAttempt}, '$[#]',
                json_object('generation', generation, 'number', max(tries, attemptsSpent) + 1, 'result', @result,
                    'startedAt', strftime('%Y-%m-%dT%H:%M:%fZ', claimedAt / 1000.0, 'unixepoch'))),
            abandonedAttempts = @abandoned, status = @status, outcome = @outcome, lastError = coalesce(@error, lastError),
            dueAt = @dueAt, claimToken = NULL, claimedAt = NULL
        WHERE claimToken IS NOT NULL AND dueAt <= @expiredAt AND abandonedAttempts = @before
        RETURNING shippingCompanyId, eventId, source
        """;

    public static readonly string AnyIsolatedDue =
        $"SELECT 1 FROM events INDEXED BY events_isolated WHERE {Isolated}{NotExcepted} LIMIT 1";

    /// <summary>
    /// For the first claim of a process. The clock of an earlier one was ahead where a row was received, requeued or tried in the
    /// future: such rows are due now, and so are the waits of others, but for a replay with a rate.
    /// </summary>
    public static readonly string DueAfterClockWasAhead = """
        UPDATE events SET dueAt = @now, requeuedAt = min(requeuedAt, @now)
        WHERE id IN (
                SELECT id FROM events INDEXED BY events_due
                WHERE status = 'pending' AND claimToken IS NULL AND dueAt > @now)
            AND (requeuedAt > @now
                OR substr(attempts ->> '$[#-1].startedAt', 1, 19) > strftime('%Y-%m-%dT%H:%M:%S', @now / 1000, 'unixepoch')
                OR ((generation = 1 OR tries > 0) AND EXISTS (SELECT 1 FROM events WHERE receivedAt > @now)))
        """;

    /// <summary>When the next event is due or the next claim expires.</summary>
    public static readonly string NextDue = """
        SELECT min(at) AS next FROM (
            SELECT min(dueAt) AS at FROM events INDEXED BY events_due
                WHERE status = 'pending' AND claimToken IS NULL AND dueAt > @now
            UNION ALL SELECT min(dueAt) FROM events INDEXED BY events_claimed WHERE claimToken IS NOT NULL)
        """;

    public static readonly string FirstPending = """
        SELECT generation, receivedAt, requeuedAt, tries, dueAt FROM events INDEXED BY events_status
        WHERE status = 'pending' ORDER BY receivedAt LIMIT @limit
        """;

    public static readonly string OldestDue =
        $"SELECT min(dueAt) AS oldestDue FROM events INDEXED BY events_due WHERE {Claimable}";

    public static readonly string Save = $"""
        UPDATE events SET
            status = @status, processedAt = @processedAt, outcome = @outcome, routeId = @routeId, dueAt = @dueAt,
            lastError = CASE @leaves WHEN 1 THEN lastError ELSE @error END,
            abandonedAttempts = CASE @leaves WHEN 1 THEN abandonedAttempts ELSE 0 END,
            attempts = CASE WHEN @record IS NULL THEN attempts
                WHEN @replaces = 1 THEN json_replace(attempts, '$[#-1]', json(@record))
                ELSE json_insert({RoomForAttempt}, '$[#]', json(@record)) END,
            attemptsSpent = attemptsSpent + @counted,
            tries = max(tries, attemptsSpent) + @called,
            firstAttemptAt = CASE WHEN @called = 1 THEN coalesce(firstAttemptAt, @startedAt) ELSE firstAttemptAt END,
            firstFailedAt = CASE WHEN @failed = 1 THEN coalesce(firstFailedAt, @now) ELSE firstFailedAt END,
            claimToken = NULL, claimedAt = NULL
        WHERE shippingCompanyId = @company AND eventId = @event AND claimToken = @token
        """;

    public static readonly string SaveMapped =
        "UPDATE events SET mapped = @mapped WHERE shippingCompanyId = @company AND eventId = @event AND claimToken = @token";

    public static readonly string HasClaim
        = "SELECT 1 FROM events WHERE shippingCompanyId = @company AND eventId = @event AND claimToken = @token";

    public static readonly string Probe = "INSERT INTO probe VALUES (1, @now) ON CONFLICT (id) DO UPDATE SET at = excluded.at";

    /// <summary>A requeued event was received before. The hour allows for clocks that were set back.</summary>
    public static readonly string TooOld = $"""
        SELECT id FROM events INDEXED BY events_status
        WHERE status = 'pending' AND receivedAt <= @requeuedBefore + 3600000 AND claimToken IS NULL
            AND requeuedAt <= @requeuedBefore
            AND (@scopes IS NULL OR {InScopes})
        LIMIT @limit
        """;

    public static readonly string FailOverdue = """
        UPDATE events SET status = 'failed', outcome = @outcome, dueAt = NULL,
            lastError = @error || coalesce(@lastError || lastError, '')
        WHERE id IN (SELECT value FROM json_each(@ids)) AND status = 'pending' AND claimToken IS NULL
            AND requeuedAt <= @requeuedBefore
        RETURNING shippingCompanyId, eventId, source
        """;

    /// <summary>Answered from the index, without reading rows.</summary>
    public static readonly string GroupFailures = FailureGroups("");

    /// <summary>Reads the row of each failed event.</summary>
    public static readonly string GroupFailuresOfSource
        = FailureGroups($" AND coalesce(source, '{CanonicalEvent.BuiltInSource}') = @source");

    public static readonly string CountContainers = $"""
        SELECT source, count(*) AS n, sum(length(body)) AS bytes FROM events INDEXED BY events_failed
        WHERE status = 'failed' AND outcome = '{FailureReasonText.Unmapped}' GROUP BY source
        """;

    public static readonly string Postpone = $"""
        UPDATE events SET dueAt = @now + @wait + abs(random()) % @spread WHERE id IN (
            SELECT id FROM events INDEXED BY events_due
            WHERE {Claimable} AND ({InScopes}) LIMIT @limit)
        """;

    private static readonly Dictionary<(ClaimOrder Order, bool HasExceptions), string> Claims = new()
    {
        [(ClaimOrder.Oldest, false)] = Claim("events_due", NotIsolated),
        [(ClaimOrder.Oldest, true)] = Claim("events_due", NotIsolated + NotExcepted),
        [(ClaimOrder.Random, false)] = Claim("events_due", NotIsolated + From),
        [(ClaimOrder.Random, true)] = Claim("events_due", NotIsolated + From + NotExcepted),
        [(ClaimOrder.Isolated, false)] = Claim("events_isolated", Isolated),
        [(ClaimOrder.Isolated, true)] = Claim("events_isolated", Isolated + NotExcepted),
    };

    private const string From = " AND dueAt >= @from";

    private static string FailureGroups(string where) => $"""
        SELECT coalesce(outcome, '') AS reason, count(*) AS n, min(receivedAt) AS oldest, max(receivedAt) AS newest,
            CASE WHEN outcome IN ({Texts(EventOutcome.GroupedByError)}) THEN lastError END AS error
        FROM events INDEXED BY events_failed WHERE status = 'failed'{where} GROUP BY reason, error
        """;

    public static string Claim(ClaimRequest request) => Claims[(request.Order, request.Except is not null)];

    private static string Claim(string index, string where) => $"""
        UPDATE events SET claimToken = @token, claimedAt = @now, dueAt = @until
        WHERE id IN (SELECT id FROM events INDEXED BY {index} WHERE {where} ORDER BY dueAt LIMIT @limit)
        RETURNING {EventRow.ColumnsWithBody}
        """;

    public static string OldestReplayable(string where)
        => $"SELECT id FROM events WHERE {where} AND {Replayable} AND {RequeuedBefore} ORDER BY receivedAt LIMIT @limit";

    public static string CountReplayable(string where)
        => $"SELECT count(*) AS n FROM events WHERE {where} AND {Replayable} AND {RequeuedBefore}";

    // What lies in the future was written while the clock was ahead.
    private const string RequeuedBefore = "(requeuedAt < @asOf OR requeuedAt > @now)";

    private static string Texts(IEnumerable<string> outcomes) => string.Join(", ", outcomes.Select(outcome => $"'{outcome}'"));
}
