using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using MongoDB.Bson;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>A filter as a query. Only fields that are set appear, so that their index can be used.</summary>
internal sealed class EventFilterQuery
{
    private const int WindowGrowth = 3;

    private static readonly TimeSpan FirstWindow = TimeSpan.FromHours(1);
    private static readonly TimeSpan LastWindow = TimeSpan.FromDays(200);

    private readonly DateTimeOffset _bottom;
    private DateTimeOffset? _top;
    private readonly BsonDocument _range = [];
    private readonly string? _indexOfParts;

    public EventFilterQuery(EventFilter filter)
    {
        (_bottom, _top) = (filter.From ?? DateTimeOffset.UnixEpoch, filter.To);
        Add("status", filter.Status?.Text());
        Add("shipmentId", filter.ShipmentId);
        Add("merchantId", filter.MerchantId);
        Add("shippingCompanyId", filter.ShippingCompanyId);
        if (filter.Source == CanonicalEvent.BuiltInSource) Query.Add("source", BsonExpressions.Exists(false));
        else Add("source", filter.Source);
        Add("eventId", filter.EventId);
        Add("type", filter.Type?.Text());
        if (filter.RequestId is not null) AddRequest(filter.RequestId);
        if (filter.NamesAReason) AddReason(filter);
        else Add("outcome", filter.Outcome);
        if (!filter.NamesAReason) Add("lastError", filter.LastError);
        Add("routeId", filter.RouteId);
        var parts = new FilterParts(filter);
        _indexOfParts = parts.Index;
        if (parts.Conditions.Count > 0)
            Query.Set("$and", new BsonArray(Query.GetValue("$and", new BsonArray()).AsBsonArray).AddRange(parts.Conditions));
        // Always set: it excludes rows of the original, and each index of a list begins or ends with it.
        _range.Add("$gte", BsonFields.Date(filter.From ?? DateTimeOffset.MinValue));
        if (filter.To is { } to) _range.Add("$lt", BsonFields.Date(to));
        Query.Add("receivedAt", _range);
    }

    public BsonDocument Query { get; } = [];

    public static BsonDocument NewestFirst => new() { { "receivedAt", -1 }, { "shippingCompanyId", 1 }, { "eventId", 1 } };

    /// <summary>
    /// An event id matches few events, so a filter with one uses its index. Null: the planner chooses.
    /// </summary>
    public string? Index => Query.Contains("eventId") ? EventSchema.EventIdIndex
        : Query.Contains("requestId") ? EventSchema.RequestIdIndex
        : _indexOfParts;

    /// <summary>
    /// Splits the query into ranges of time, from the newest hour back, each longer than the one before. MongoDB finds a page in
    /// the order of an index. Compatible servers filter by an index and sort all matches, which takes seconds.
    /// </summary>
    public IEnumerable<BsonDocument> Windows(DateTimeOffset now)
    {
        BsonValue? until = null;
        if (Index is null)
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
        Query["receivedAt"] = _range;
        Query.Add("$or", new BsonArray
        {
            new BsonDocument("receivedAt", new BsonDocument("$lt", at)),
            new BsonDocument { { "receivedAt", at }, { "shippingCompanyId", Greater(cursor.Key.ShippingCompanyId) } },
            new BsonDocument
            {
                { "receivedAt", at }, { "shippingCompanyId", cursor.Key.ShippingCompanyId },
                    { "eventId", Greater(cursor.Key.EventId) },
            },
        });
    }

    /// <summary>Limits the query to failed events, so that it can use their index.</summary>
    private void AddReason(EventFilter filter)
    {
        // The filter also requires another status, so no event matches.
        if (filter.Status is not (null or EventStatus.Failed)) Query.Add("_id", BsonNull.Value);
        Query["status"] = EventStatus.Failed.Text();
        if (filter.Outcome is null) Query.Add("outcome", new BsonDocument("$in", new BsonArray(FailureReasonText.All)));
        Add("outcome", filter.Outcome);
        Add("lastError", filter.LastError);
    }

    private void AddRequest(string id)
    {
        if (AnswerId.Of(id) is not { } ofGateway)
        {
            Add("requestId", id);
            return;
        }

        var range = new BsonDocument { { "$gte", BsonFields.Date(ofGateway.From) }, { "$lte", BsonFields.Date(ofGateway.To) } };
        Query.Add("$and", new BsonArray
        {
            new BsonDocument("$or", new BsonArray
            {
                new BsonDocument("requestId", id),
                new BsonDocument { { "receivedAt", range }, { "acceptIds", BsonFields.Id(ofGateway.AcceptId) } },
            }),
        });
    }

    private BsonDocument Within(BsonValue? from, BsonValue? until)
    {
        var range = new BsonDocument(_range);
        if (from is not null) range["$gte"] = from;
        if (until is not null) range["$lt"] = until;
        return new BsonDocument(Query) { ["receivedAt"] = range };
    }

    private static BsonDocument Greater(string text) => new("$gt", text);

    private void Add(string field, string? value)
    {
        if (value is not null) Query.Add(field, value);
    }
}
