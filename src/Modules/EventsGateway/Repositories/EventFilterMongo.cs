using Gateway.EventsGateway.Events;
using MongoDB.Bson;

namespace Gateway.EventsGateway.Repositories;

/// <summary>A filter as a query: only what is set appears, so that its index can be used.</summary>
internal sealed class EventFilterMongo
{
    /// <summary>Rows of the original that no message has come for.</summary>
    public static readonly BsonDocument IsLegacy = new("shippingCompanyId", new BsonDocument("$exists", false));

    private readonly string _time;
    private readonly BsonDocument _range = [];

    public EventFilterMongo(EventFilter filter)
    {
        _time = filter.Legacy ? "createdAt" : "receivedAt";
        if (filter.Legacy) Query.Add("$and", new BsonArray { IsLegacy });
        Add("status", filter.Status?.Text());
        Add("shipmentId", filter.ShipmentId);
        Add("merchantId", filter.MerchantId);
        Add("shippingCompanyId", filter.ShippingCompanyId);
        Add("type", filter.Type?.Text());
        if (filter.NamesAReason) AddReason(filter);
        else Add("outcome", filter.Outcome);
        // Always there: rows of the original have no receivedAt, and every index of a list carries it.
        if (!filter.Legacy || filter.From is not null) _range.Add("$gte", FieldMongo.Date(filter.From ?? DateTimeOffset.MinValue));
        if (filter.To is { } to) _range.Add("$lt", FieldMongo.Date(to));
        if (_range.ElementCount > 0) Query.Add(_time, _range);
    }

    public BsonDocument Query { get; } = [];

    public BsonDocument NewestFirst => new() { { _time, -1 }, { "shippingCompanyId", 1 }, { "eventId", 1 } };

    public void After(EventCursor cursor)
    {
        var at = FieldMongo.Date(cursor.ReceivedAt);
        _range.Add("$lte", at);
        Query[_time] = _range;
        BsonArray behind = [new BsonDocument(_time, new BsonDocument("$lt", at))];
        if (_time == "receivedAt") behind.Add(new BsonDocument { { _time, at }, { "shippingCompanyId", Greater(cursor.Key.ShippingCompanyId) } });
        var sameCompany = new BsonDocument { { _time, at }, { "eventId", Greater(cursor.Key.EventId) } };
        if (_time == "receivedAt") sameCompany.Add("shippingCompanyId", cursor.Key.ShippingCompanyId);
        behind.Add(sameCompany);
        Query.Add("$or", behind);
    }

    /// <summary>Failed ones alone: so the index of the failed has all of them.</summary>
    private void AddReason(EventFilter filter)
    {
        // Another status was asked for too: nothing matches.
        if (filter.Status is not (null or EventStatus.Failed)) Query.Add("_id", BsonNull.Value);
        Query["status"] = EventStatus.Failed.Text();
        if (filter.Outcome is null) Query.Add("outcome", new BsonDocument("$in", new BsonArray(EventOutcome.OfFailed)));
        Add("outcome", filter.Outcome);
        Add("lastError", filter.LastError);
    }

    private static BsonDocument Greater(string text) => new("$gt", text);

    private void Add(string field, string? value)
    {
        if (value is not null) Query.Add(field, value);
    }
}
