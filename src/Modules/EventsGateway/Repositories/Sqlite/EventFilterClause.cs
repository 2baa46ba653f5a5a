using System.Text;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;

namespace Gateway.EventsGateway.Repositories.Sqlite;

/// <summary>A filter as a WHERE clause: only what is set appears, so that its index can be used.</summary>
internal sealed class EventFilterClause
{
    /// <summary>
    /// Each courier by one step along an index, for the index of keys begins with them: 4 µs a courier, and no index of event ids
    /// that the door would have to write.
    /// </summary>
    private const string Companies = """
        (WITH RECURSIVE companies (id) AS (
            SELECT min(shippingCompanyId) FROM events
            UNION ALL SELECT (SELECT min(shippingCompanyId) FROM events WHERE shippingCompanyId > companies.id) FROM companies WHERE id IS NOT NULL)
        SELECT id FROM companies WHERE id IS NOT NULL)
        """;

    // Always true. Without any range the planner would rather read and sort the whole table than walk an index.
    private readonly StringBuilder _where = new("receivedAt >= 0");
    private readonly List<(string, object?)> _parameters = [];
    private string _beside = "";

    public EventFilterClause(EventFilter filter)
    {
        if (filter.EventId is not null) OfEvent(filter);
        // Nearly all are processed: with the + the planner takes the index of whatever else is asked.
        And(filter.Status == EventStatus.Processed && HasMore(filter) ? "+status = @status" : "status = @status", "@status", filter.Status?.Text());
        And("shipmentId = @shipmentId", "@shipmentId", filter.ShipmentId);
        And("merchantId = @merchantId", "@merchantId", filter.MerchantId);
        And("shippingCompanyId = @companyId", "@companyId", filter.ShippingCompanyId);
        And("type = @type", "@type", filter.Type?.Text());
        And("receivedAt >= @from", "@from", filter.From?.ToUnixTimeMilliseconds());
        And("receivedAt < @to", "@to", filter.To?.ToUnixTimeMilliseconds());
        // There was no original that wrote into this file.
        if (filter.NamesAReason) OfReason(filter);
        // Few are late, and have an index of their own; of what was routed nearly every row is one.
        else if (filter.Outcome == EventOutcome.Late) And("outcome = 'late'");
        else And("+outcome = @outcome", "@outcome", filter.Outcome);
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

    private void OfEvent(EventFilter filter)
    {
        And("eventId = @eventId", "@eventId", filter.EventId);
        And(filter.ShippingCompanyId is null ? $"shippingCompanyId IN {Companies}" : "shippingCompanyId = @companyId");
        // What else is asked is asked of an event or two: with the + the planner takes no other index.
        _beside = "+";
    }

    /// <summary>
    /// The status as a word, not a parameter: only then the planner sees that the index of failed rows has all of them. One
    /// half of a reason walks along what failed last (the + keeps it there): by the index it would sort all that it finds.
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
