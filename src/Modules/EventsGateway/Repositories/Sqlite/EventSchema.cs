using Gateway.EventsGateway.Entities;
using Gateway.Shared.Sqlite;

namespace Gateway.EventsGateway.Repositories.Sqlite;

/// <summary>
/// Tables and the index of every query. Times are Unix milliseconds, texts are those of the wire.
/// Never edit a script that has been released: append one.
/// </summary>
internal static class EventSchema
{
    public static SqliteSchema Schema { get; } = new([V1, V2, V3, V4, V5, V6, V7, V8, V9, V10, V11, V12, V13, V14, V15])
    {
        Functions = new Dictionary<string, Func<string, string?>>
        {
            ["companyOf"] = end => ShipmentEntity.KeyOfEnd(end)?.ShippingCompanyId,
            ["eventOf"] = end => ShipmentEntity.KeyOfEnd(end)?.EventId,
        },
    };

    private const string V1 = """
        CREATE TABLE events (
            id INTEGER PRIMARY KEY,
            shippingCompanyId TEXT NOT NULL,
            eventId TEXT NOT NULL,
            merchantId TEXT NOT NULL,
            shipmentId TEXT NOT NULL,
            type TEXT NOT NULL,
            occurredAt INTEGER NOT NULL,
            receivedAt INTEGER NOT NULL,
            body BLOB NOT NULL,
            headers TEXT,
            traceparent TEXT,
            acceptIds TEXT NOT NULL,
            status TEXT NOT NULL,
            outcome TEXT,
            routeId TEXT,
            lastError TEXT,
            processedAt INTEGER,
            life INTEGER NOT NULL DEFAULT 1,
            lifeBeganAt INTEGER NOT NULL,
            firstAttemptAt INTEGER,
            attemptsSpent INTEGER NOT NULL DEFAULT 0,
            interruptions INTEGER NOT NULL DEFAULT 0,
            attempts TEXT NOT NULL DEFAULT '[]',
            dueAt INTEGER,
            claimToken BLOB,
            claimedAt INTEGER
        ) STRICT;

        CREATE UNIQUE INDEX events_key ON events (shippingCompanyId, eventId);

        CREATE INDEX events_received ON events (receivedAt);
        CREATE INDEX events_status ON events (status, receivedAt);
        CREATE INDEX events_shipment ON events (shipmentId, receivedAt);
        CREATE INDEX events_merchant ON events (merchantId, receivedAt);
        CREATE INDEX events_company ON events (shippingCompanyId, receivedAt);
        CREATE INDEX events_type ON events (type, receivedAt);

        -- The work list. Claimed rows leave it, so that a claim never walks over them.
        CREATE INDEX events_due ON events (dueAt) WHERE status = 'pending' AND claimToken IS NULL;
        CREATE INDEX events_probe ON events (attemptsSpent, dueAt) WHERE status = 'pending' AND claimToken IS NULL;
        CREATE INDEX events_alone ON events (dueAt)
            WHERE status = 'pending' AND claimToken IS NULL AND interruptions >= 5;
        CREATE INDEX events_age ON events (lifeBeganAt) WHERE status = 'pending' AND claimToken IS NULL;
        CREATE INDEX events_claimed ON events (dueAt) WHERE claimToken IS NOT NULL;

        -- Exact at every commit; counting a million rows on every look would not be.
        CREATE TABLE counts (status TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO counts VALUES ('pending', 0), ('processed', 0), ('failed', 0);
        CREATE TRIGGER events_added AFTER INSERT ON events BEGIN
            UPDATE counts SET n = n + 1 WHERE status = new.status;
        END;
        CREATE TRIGGER events_moved AFTER UPDATE OF status ON events WHEN new.status <> old.status BEGIN
            UPDATE counts SET n = n - 1 WHERE status = old.status;
            UPDATE counts SET n = n + 1 WHERE status = new.status;
        END;

        CREATE TABLE shipments (
            shipmentId TEXT PRIMARY KEY,
            status TEXT NOT NULL,
            merchantId TEXT NOT NULL,
            lastEventAt INTEGER NOT NULL,
            "end" TEXT,
            createdAt INTEGER NOT NULL,
            updatedAt INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        -- Written by the readiness probe: only a real write notices a full disk.
        CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), at INTEGER NOT NULL) STRICT;
        """;

    /// <summary>
    /// Without the insert trigger and with one index less an insert takes 15 µs instead of 23. Ingest updates the counts once per
    /// group, and events_status serves the query that fails overdue events, as events_age did.
    /// </summary>
    private const string V2 = """
        DROP TRIGGER events_added;
        DROP INDEX events_age;
        """;

    /// <summary>
    /// The audit log and the tombstones of removed events. The new indexes of events are partial and contain no pending event, so
    /// they cost ingest nothing; events_status gets more columns.
    /// </summary>
    private const string V3 = """
        CREATE TABLE audit (
            number INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE,
            at INTEGER NOT NULL,
            who TEXT NOT NULL,
            "from" TEXT NOT NULL,
            action TEXT NOT NULL,
            what TEXT NOT NULL,
            result TEXT
        ) STRICT;
        CREATE INDEX audit_at ON audit (at);

        CREATE TABLE tombstones (
            keyHash BLOB PRIMARY KEY,
            status TEXT NOT NULL,
            processedAt INTEGER,
            buriedAt INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX tombstones_buried ON tombstones (buriedAt);

        -- n keeps what was removed.
        ALTER TABLE counts ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;

        -- What a list may ask of pending or failed events beside their status is answered by this index alone.
        DROP INDEX events_status;
        CREATE INDEX events_status ON events (status, receivedAt, shippingCompanyId, merchantId, shipmentId, type);

        CREATE INDEX events_settled ON events (processedAt) WHERE status = 'processed';
        CREATE INDEX shipments_ended ON shipments (updatedAt) WHERE "end" IS NOT NULL AND merchantId <> '';
        CREATE INDEX shipments_merchant ON shipments (merchantId);

        -- What did not end as events do. Rows enter when they end so, and leave when they are replayed.
        CREATE INDEX events_failed ON events (outcome, lastError, receivedAt, lifeBeganAt) WHERE status = 'failed';
        CREATE INDEX events_late ON events (receivedAt) WHERE outcome = 'late';
        """;

    /// <summary>Half-open probes are claimed by due time like other events, so inserts maintain one index less.</summary>
    private const string V4 = "DROP INDEX events_probe;";

    private const string V5 = "ALTER TABLE events ADD COLUMN lifeBegunBy TEXT;";

    /// <summary>Renames columns, outcomes and the texts of the history to those of the API (docs/glossary.md).</summary>
    private const string V6 = """
        ALTER TABLE events RENAME COLUMN life TO generation;
        ALTER TABLE events RENAME COLUMN lifeBeganAt TO requeuedAt;
        ALTER TABLE events RENAME COLUMN lifeBegunBy TO requeuedBy;
        ALTER TABLE events RENAME COLUMN interruptions TO abandonedAttempts;
        ALTER TABLE tombstones RENAME COLUMN buriedAt TO purgedAt;

        DROP INDEX events_alone;
        CREATE INDEX events_isolated ON events (dueAt)
            WHERE status = 'pending' AND claimToken IS NULL AND abandonedAttempts >= 5;
        DROP INDEX tombstones_buried;
        CREATE INDEX tombstones_purged ON tombstones (purgedAt);

        UPDATE events SET outcome = CASE outcome
                WHEN 'refused' THEN 'shipment-ended' WHEN 'rejected' THEN 'rejected-by-router' ELSE 'deadline-exceeded' END
            WHERE status = 'failed' AND outcome IN ('refused', 'rejected', 'gave-up');
        -- In a JSON text a quote inside a value is escaped, so these match members and whole values alone.
        UPDATE events SET attempts = replace(replace(replace(attempts,
                '"life":', '"generation":'), '"result":"refused"', '"result":"shipment-ended"'),
                '"result":"interrupted"', '"result":"abandoned"')
            WHERE attempts <> '[]';
        UPDATE audit SET action = CASE action WHEN 'forget-seen' THEN 'clear-deduplication-cache' ELSE 'login-rejected' END
            WHERE action IN ('forget-seen', 'login-refused');
        """;

    /// <summary>
    /// A shipment is its courier's; its end knows when it was received. The courier is in the key of the end, else it is that of
    /// the oldest event; a shipment without either belongs to the first event of its merchant. A Unix time of 0: trimmed.
    /// </summary>
    private const string V7 = """
        ALTER TABLE events ADD COLUMN effectiveAt INTEGER;
        ALTER TABLE events ADD COLUMN implausibleTime INTEGER NOT NULL DEFAULT 0;

        CREATE TABLE shipmentsOfCouriers (
            shipmentId TEXT NOT NULL,
            shippingCompanyId TEXT NOT NULL,
            status TEXT NOT NULL,
            merchantId TEXT NOT NULL,
            lastEventAt INTEGER,
            "end" TEXT,
            endReceivedAt INTEGER,
            cycle INTEGER NOT NULL,
            since INTEGER,
            createdAt INTEGER NOT NULL,
            updatedAt INTEGER NOT NULL,
            PRIMARY KEY (shipmentId, shippingCompanyId)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO shipmentsOfCouriers
            SELECT shipmentId,
                coalesce(companyOf("end"),
                    (SELECT e.shippingCompanyId FROM events e WHERE e.shipmentId = s.shipmentId ORDER BY receivedAt LIMIT 1), ''),
                status, merchantId, lastEventAt, "end",
                coalesce(
                    (SELECT e.receivedAt FROM events e
                        WHERE e.shippingCompanyId = companyOf(s."end") AND e.eventId = eventOf(s."end")),
                    CAST(round(unixepoch(substr("end", 1, 24), 'subsec') * 1000) AS INTEGER)),
                1, NULL, createdAt, updatedAt
            FROM shipments s;
        DROP TABLE shipments;
        ALTER TABLE shipmentsOfCouriers RENAME TO shipments;
        CREATE INDEX shipments_ended ON shipments (updatedAt) WHERE "end" IS NOT NULL AND merchantId <> '';
        CREATE INDEX shipments_merchant ON shipments (merchantId);
        """;

    /// <summary>
    /// All calls and the first failed one. The work list has the merchant, so that a claim can pass over the events of an open
    /// circuit without reading them.
    /// </summary>
    private const string V8 = """
        ALTER TABLE events ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE events ADD COLUMN firstFailedAt INTEGER;
        DROP INDEX events_due;
        CREATE INDEX events_due ON events (dueAt, merchantId) WHERE status = 'pending' AND claimToken IS NULL;
        """;

    /// <summary>The senders' ids of requests. Those of the gateway are ids of acceptances, whose time leads to the row.</summary>
    private const string V9 = """
        ALTER TABLE events ADD COLUMN requestId TEXT;
        CREATE INDEX events_request ON events (requestId) WHERE requestId IS NOT NULL;
        """;

    /// <summary>Dismissed events, which retention finds by an index of their own; and pauses of routing.</summary>
    private const string V10 = """
        ALTER TABLE events ADD COLUMN dismissedAt INTEGER;
        ALTER TABLE events ADD COLUMN dismissedBy TEXT;
        INSERT INTO counts (status, n) VALUES ('dismissed', 0);
        CREATE INDEX events_dismissed ON events (dismissedAt) WHERE status = 'dismissed';

        CREATE TABLE pauses (
            id INTEGER PRIMARY KEY,
            merchantId TEXT NOT NULL,
            since INTEGER NOT NULL,
            pausedBy TEXT NOT NULL,
            resumedAt INTEGER
        ) STRICT;
        CREATE UNIQUE INDEX pauses_current ON pauses (merchantId) WHERE resumedAt IS NULL;
        """;

    /// <summary>
    /// What ingest makes of a request. A source of NULL is the built-in one, so the index costs its events nothing. Details of
    /// NULL: a row of an earlier version.
    /// </summary>
    private const string V11 = """
        ALTER TABLE events ADD COLUMN source TEXT;
        ALTER TABLE events ADD COLUMN secretId TEXT;
        ALTER TABLE events ADD COLUMN afterEnd TEXT;
        ALTER TABLE events ADD COLUMN details TEXT;
        ALTER TABLE events ADD COLUMN itemIndex INTEGER;
        ALTER TABLE events ADD COLUMN requestDigest TEXT;
        ALTER TABLE events ADD COLUMN mapped BLOB;
        CREATE INDEX events_source ON events (source, receivedAt) WHERE source IS NOT NULL;
        """;

    /// <summary>Circuits and pauses of sources; in a pause an empty text stands for any.</summary>
    private const string V12 = """
        DROP INDEX events_due;
        CREATE INDEX events_due ON events (dueAt, merchantId, source) WHERE status = 'pending' AND claimToken IS NULL;
        ALTER TABLE pauses ADD COLUMN source TEXT NOT NULL DEFAULT '';
        DROP INDEX pauses_current;
        CREATE UNIQUE INDEX pauses_current ON pauses (source, merchantId) WHERE resumedAt IS NULL;
        """;

    /// <summary>
    /// An insert writes two B-trees less, 2 of 13 µs. Companies and types are few: a list of one of them reads the index of all
    /// events or that of a merchant, newest first, and only the rows that match.
    /// </summary>
    private const string V13 = """
        DROP INDEX events_company;
        DROP INDEX events_type;
        DROP INDEX events_received;
        CREATE INDEX events_received ON events (receivedAt, shippingCompanyId, type);
        DROP INDEX events_merchant;
        CREATE INDEX events_merchant ON events (merchantId, receivedAt, shippingCompanyId, type);
        """;

    /// <summary>Rejected requests by hour.</summary>
    private const string V14 = """
        CREATE TABLE rejections (
            hour INTEGER NOT NULL,
            source TEXT NOT NULL,
            reason TEXT NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (hour, source, reason)
        ) STRICT, WITHOUT ROWID;
        """;

    /// <summary>The points of the processes, whose counts replace those of rejected requests.</summary>
    private const string V15 = """
        DROP TABLE rejections;
        CREATE TABLE history (
            step INTEGER NOT NULL,
            start INTEGER NOT NULL,
            writer BLOB NOT NULL,
            process TEXT NOT NULL,
            host TEXT NOT NULL,
            data BLOB NOT NULL,
            PRIMARY KEY (step, start, writer)
        ) STRICT;
        """;
}
