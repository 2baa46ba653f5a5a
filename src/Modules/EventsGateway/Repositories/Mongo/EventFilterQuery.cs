using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using MongoDB.Bson;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>A filter as a query: only what is set appears, so that its index can be used.</summary>
internal sealed class EventFilterQuery
{
    /// <summary>Rows of the original that no message has come for.</summary>
    public static readonly BsonDocument IsLegacy = new("shippingCompanyId", new BsonDocument("$exists", false));

    private const int WindowGrowth = 3;

    private static readonly TimeSpan FirstWindow = TimeSpan.FromHours(1);
    private static readonly TimeSpan LastWindow = TimeSpan.FromDays(200);

    private readonly DateTimeOffset _bottom;
    private DateTimeOffset? _top;
    private readonly string _time;
    private readonly BsonDocument _range = [];

    public EventFilterQuery(EventFilter filter)
    {
        (_bottom, _top) = (filter.From ?? DateTimeOffset.UnixEpoch, filter.To);
        _time = filter.Legacy ? "createdAt" : "receivedAt";
        if (filter.Legacy) Query.Add("$and", new BsonArray { IsLegacy });
        Add("status", filter.Status?.Text());
        Add("shipmentId", filter.ShipmentId);
        Add("merchantId", filter.MerchantId);
        Add("shippingCompanyId", filter.ShippingCompanyId);
        Add("eventId", filter.EventId);
        Add("type", filter.Type?.Text());
        if (filter.NamesAReason) AddReason(filter);
        else Add("outcome", filter.Outcome);
        // Always there: rows of the original have no receivedAt, and every index of a list carries it.
        if (!filter.Legacy || filter.From is not null) _range.Add("$gte", BsonFields.Date(filter.From ?? DateTimeOffset.MinValue));
        if (filter.To is { } to) _range.Add("$lt", BsonFields.Date(to));
        if (_range.ElementCount > 0) Query.Add(_time, _range);
    }

    public BsonDocument Query { get; } = [];

    public BsonDocument NewestFirst => new() { { _time, -1 }, { "shippingCompanyId", 1 }, { "eventId", 1 } };

    /// <summary>An event id matches an event or two: whatever else is asked is asked of them. Null where the planner chooses.</summary>
    public string? Index => Query.Contains("eventId") ? EventSchema.EventIdIndex : null;

    /// <summary>
    /// The same query from the newest hour back to the oldest day, in ranges of time that grow: MongoDB finds a page in the order
    /// of an index, but there are servers of its kind that filter by an index and then sort all they found, for seconds.
    /// </summary>
    public IEnumerable<BsonDocument> Windows(DateTimeOffset now)
    {
        BsonValue? until = null;
        if (_time == "receivedAt" && Index is null)
        {
            var edge = _top ?? now;
            for (var width = FirstWindow; width < LastWindow && edge - _bottom > width; width *= WindowGrowth)
            {
                edge -= width;
                yield return Within(BsonFields.Date(edge), until);
                until = BsonFields.Date(edge);
            }
        }

        yield return until is null ? Query : Within(null, until);
    }

    public void After(EventCursor cursor)
    {
        if (_top is null || cursor.ReceivedAt < _top) _top = cursor.ReceivedAt;
        var at = BsonFields.Date(cursor.ReceivedAt);
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
        if (filter.Outcome is null) Query.Add("outcome", new BsonDocument("$in", new BsonArray(FailureReasonText.All)));
        Add("outcome", filter.Outcome);
        Add("lastError", filter.LastError);
    }

    private BsonDocument Within(BsonValue? from, BsonValue? until)
    {
        var range = new BsonDocument(_range);
        if (from is not null) range["$gte"] = from;
        if (until is not null) range["$lt"] = until;
        return new BsonDocument(Query) { [_time] = range };
    }

    private static BsonDocument Greater(string text) => new("$gt", text);

    private void Add(string field, string? value)
    {
        if (value is not null) Query.Add(field, value);
    }
}
