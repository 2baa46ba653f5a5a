using System.Text;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;

namespace Gateway.EventsGateway.Repositories.Sqlite;

/// <summary>A filter as a WHERE clause. Only fields that are set appear, so that their index can be used.</summary>
internal sealed class EventFilterClause
{
    /// <summary>Skips along the index of keys, 4 µs per company; an index of event ids would slow down each insert.</summary>
    private const string Companies = """
        (WITH RECURSIVE companies (id) AS (
            SELECT min(shippingCompanyId) FROM events
            UNION ALL SELECT (SELECT min(shippingCompanyId) FROM events WHERE shippingCompanyId > companies.id)
                FROM companies WHERE id IS NOT NULL)
        SELECT id FROM companies WHERE id IS NOT NULL)
        """;

    // Always true. Without this range the planner reads and sorts the whole table.
    private readonly StringBuilder _where = new("receivedAt >= 0");
    private readonly List<(string, object?)> _parameters = [];
    private string _beside = "";

    public EventFilterClause(EventFilter filter)
    {
        if (filter.EventId is not null) OfEvent(filter);
        if (filter.RequestId is not null) OfRequest(filter.RequestId);
        OfParts(filter);
        // Most events are processed, so the + disables the index of the status.
        And(filter.Status == EventStatus.Processed && HasMore(filter) ? "+status = @status" : "status = @status", "@status",
            filter.Status?.Text());
        And("shipmentId = @shipmentId", "@shipmentId", filter.ShipmentId);
        And("merchantId = @merchantId", "@merchantId", filter.MerchantId);
        // The + disables the index of keys, by which all events of the company would be sorted.
        And("+shippingCompanyId = @companyId", "@companyId", filter.ShippingCompanyId);
        And(filter.Source == CanonicalEvent.BuiltInSource ? "source IS NULL" : "source = @source", "@source", filter.Source);
        And("type = @type", "@type", filter.Type?.Text());
        And("receivedAt >= @from", "@from", filter.From?.ToUnixTimeMilliseconds());
        And("receivedAt < @to", "@to", filter.To?.ToUnixTimeMilliseconds());
        // The NestJS original had no SQLite store, so no row of it can match.
        if (filter.NamesAReason) OfReason(filter);
        // Few events are late, and they have their own index. Most events are routed.
        else if (filter.Outcome == EventOutcome.Late) And("outcome = 'late'");
        else And("+outcome = @outcome", "@outcome", filter.Outcome);
        if (!filter.NamesAReason) And("+lastError = @lastError", "@lastError", filter.LastError);
        And("+routeId = @routeId", "@routeId", filter.RouteId);
        And("substr(traceparent, 4, 32) = @traceId", "@traceId", filter.TraceId);
        And("@legacy", "@legacy", filter.Legacy ? 0 : null);
    }

    public string Where => _where.ToString();
    public (string, object?)[] Parameters => [.. _parameters];

    public void After(EventCursor cursor)
    {
        And("receivedAt <= @afterAt AND (receivedAt < @afterAt OR (shippingCompanyId, eventId) > (@afterCompany, @afterEvent))");
        With("@afterAt", cursor.ReceivedAt.ToUnixTimeMilliseconds());
        With("@afterCompany", cursor.Key.ShippingCompanyId);
        With("@afterEvent", cursor.Key.EventId);
    }

    private static bool HasMore(EventFilter filter)
        => (filter.ShipmentId ?? filter.MerchantId ?? filter.ShippingCompanyId ?? filter.Type?.Text()) is not null;

    public void With(string name, object? value) => _parameters.Add((name, value));

    private void OfRequest(string id)
    {
        var rows = "SELECT id FROM events WHERE requestId = @requestId";
        With("@requestId", id);
        if (AnswerId.Of(id) is { } ofGateway)
        {
            rows += " UNION ALL SELECT id FROM events WHERE receivedAt BETWEEN @answeredFrom AND @answeredTo "
                + "AND instr(acceptIds, @answerId) > 0";
            With("@answerId", ofGateway.AcceptId.ToString("N"));
            With("@answeredFrom", ofGateway.From.ToUnixTimeMilliseconds());
            With("@answeredTo", ofGateway.To.ToUnixTimeMilliseconds());
        }

        And($"id IN ({rows})");
        _beside = "+";
    }

    /// <summary>
    /// Each part by its index, unless the filter is by time. The index of failed events is read whole, 0.4 µs per event.
    /// </summary>
    private void OfParts(EventFilter filter)
    {
        var company = filter.ShippingCompanyId is null ? $"IN {Companies}" : "= @companyId";
        Part("events_key", $"shippingCompanyId {company} AND {Begins("eventId")}", Begins("+eventId"), filter.EventIdPrefix);
        Part("events_shipment", Begins("shipmentId"), Begins("+shipmentId"), filter.ShipmentIdPrefix);
        const string contains = "instr(lower(lastError), lower(@part)) > 0";
        Part("events_failed", $"status = 'failed' AND {contains}", contains, filter.ErrorText,
            isScan: filter.Status != EventStatus.Failed);

        string Begins(string column) => $"{column} >= @part AND {column} < @part || char(0x10FFFF)";

        void Part(string index, string byIndex, string byRow, string? part, bool isScan = false)
        {
            if (part is null) return;
            var name = $"@{index}";
            var isByRow = filter.IsByTime || isScan;
            And((isByRow ? byRow : $"id IN (SELECT id FROM events INDEXED BY {index} WHERE {byIndex})").Replace("@part", name),
                name, part);
            if (!isByRow) _beside = "+";
        }
    }

    private void OfEvent(EventFilter filter)
    {
        And("eventId = @eventId", "@eventId", filter.EventId);
        And(filter.ShippingCompanyId is null ? $"shippingCompanyId IN {Companies}" : "shippingCompanyId = @companyId");
        // An event id matches few events, so the + disables the other indexes.
        _beside = "+";
    }

    /// <summary>
    /// The status is a literal, because the planner uses the partial index of failed events only then. With an outcome alone, or
    /// an error alone, the + keeps the index that is ordered by receivedAt; by the index of reasons all matches would be sorted.
    /// </summary>
    private void OfReason(EventFilter filter)
    {
        And("status = 'failed'");
        var isWhole = filter is { Outcome: not null, LastError: not null };
        And(isWhole ? "outcome = @outcome" : "+outcome = @outcome", "@outcome", filter.Outcome);
        And("lastError = @lastError", "@lastError", filter.LastError);
    }

    private void And(string condition, string name, object? value)
    {
        if (value is null) return;
        And(condition);
        With(name, value);
    }

    private void And(string condition) => _where.Append(" AND ").Append(_beside).Append(condition);
}
