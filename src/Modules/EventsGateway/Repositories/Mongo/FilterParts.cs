using System.Text.RegularExpressions;
using Gateway.EventsGateway.Entities;
using MongoDB.Bson;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>The conditions of a filter that compare parts of texts: each by its index, unless the filter is by time.</summary>
internal sealed class FilterParts
{
    public FilterParts(EventFilter filter)
    {
        Add("eventId", EventSchema.EventIdIndex, Begins(filter.EventIdPrefix));
        Add("shipmentId", EventSchema.ShipmentIndex, Begins(filter.ShipmentIdPrefix));
        Add("lastError", filter.Status == EventStatus.Failed ? EventSchema.FailedIndex : null, filter.ErrorText is { } text
            ? new BsonRegularExpression(Regex.Escape(text), "i")
            : null);
        // Hexadecimal digits alone.
        Add("traceparent", null, filter.TraceId is { } trace ? new BsonRegularExpression($"^00-{trace}-") : null);
        if (filter.IsByTime) Index = EventSchema.ReceivedIndex;
    }

    public BsonArray Conditions { get; } = [];

    /// <summary>Null: the planner chooses.</summary>
    public string? Index { get; private set; }

    // The greatest character, so that each text with the prefix is in the range.
    private static BsonDocument? Begins(string? prefix) => prefix is null ? null
        : new BsonDocument { { "$gte", prefix }, { "$lt", prefix + "\U0010FFFF" } };

    private void Add(string field, string? index, BsonValue? condition)
    {
        if (condition is null) return;
        Conditions.Add(new BsonDocument(field, condition));
        Index ??= index;
    }
}
