using System.Text;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Repositories.Mongo;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Driver;

namespace Gateway.EventsGateway.NestInterop;

/// <summary>Lists the rows of the NestJS original that no message has come for, where <c>legacy=true</c> asks for them.</summary>
internal sealed class LegacyEventQueries(IEventQueries events, MongoConnection mongo) : IEventQueries
{
    public static readonly BsonDocument NewestFirst = new() { { "createdAt", -1 }, { "shippingCompanyId", 1 }, { "eventId", 1 } };

    private static readonly JsonWriterSettings AsJson = new() { OutputMode = JsonOutputMode.RelaxedExtendedJson };

    public Task<IReadOnlyList<EventEntity>> ListAsync(
        EventFilter filter, EventCursor? after, int limit, CancellationToken cancellationToken)
        => filter.Legacy
            ? mongo.UseAsync<IReadOnlyList<EventEntity>>(
                async (database, stop) =>
                {
                    var rows = await EventDocument.In(database).Find(QueryOf(filter, after)).Sort(NewestFirst).Limit(limit)
                        .Project(EventDocument.WithoutBody).ToListAsync(stop);
                    return [.. rows.Select(EventDocument.Read)];
                },
                cancellationToken)
            : events.ListAsync(filter, after, limit, cancellationToken);

    public Task<int> CountAsync(EventFilter filter, int atMost, CancellationToken cancellationToken)
        => filter.Legacy
            ? mongo.UseAsync(
                async (database, stop) => (int)await EventDocument.In(database).CountDocumentsAsync(
                    QueryOf(filter, null), new CountOptions { Limit = atMost }, stop),
                cancellationToken)
            : events.CountAsync(filter, atMost, cancellationToken);

    public Task<DateTimeOffset?> ReceivedAtAsync(DateTimeOffset? before, int newer, CancellationToken cancellationToken)
        => events.ReceivedAtAsync(before, newer, cancellationToken);

    /// <summary>
    /// Of several rows with this id the newest, which has all that was stored as its body: payload and dates as they are.
    /// </summary>
    public Task<EventEntity?> FindAsync(EventKey key, CancellationToken cancellationToken)
        => key.ShippingCompanyId.Length > 0
            ? events.FindAsync(key, cancellationToken)
            : mongo.UseAsync(
                async (database, stop) =>
                {
                    var one = new BsonDocument("eventId", key.EventId).AddRange(EventDocument.IsLegacy);
                    var row = await EventDocument.In(database).Find(one).Sort(NewestFirst).FirstOrDefaultAsync(stop);
                    return row is null
                        ? null
                        : EventDocument.Read(row) with { Body = Encoding.UTF8.GetBytes(row.ToJson(AsJson)) };
                },
                cancellationToken);

    public Task<IReadOnlyList<EventShare>> ShareAsync(EventFilter filter, int newest, CancellationToken cancellationToken)
        => events.ShareAsync(filter, newest, cancellationToken);

    public Task<IReadOnlyList<OpenContainers>> CountContainersAsync(CancellationToken cancellationToken)
        => events.CountContainersAsync(cancellationToken);

    public Task<Tombstone?> FindTombstoneAsync(EventKey key, CancellationToken cancellationToken)
        => events.FindTombstoneAsync(key, cancellationToken);

    public Task<EventCounts> CountAsync(CancellationToken cancellationToken) => events.CountAsync(cancellationToken);

    public Task<PendingEvents> PendingAsync(CancellationToken cancellationToken) => events.PendingAsync(cancellationToken);

    public Task<FailureGroups> GroupFailuresAsync(int limit, string? source, CancellationToken cancellationToken)
        => events.GroupFailuresAsync(limit, source, cancellationToken);

    /// <summary>The same fields as a list of our events; the time is createdAt, for these rows have no receivedAt.</summary>
    public static BsonDocument QueryOf(EventFilter filter, EventCursor? after)
    {
        var query = new EventFilterQuery(filter with { From = null, To = null }).Query;
        query.Remove("receivedAt");
        BsonArray all = [EventDocument.IsLegacy];
        if (filter.From is { } from) all.Add(Created("$gte", from));
        if (filter.To is { } to) all.Add(Created("$lt", to));
        if (after is not null)
        {
            all.Add(Created("$lte", after.ReceivedAt));
            all.Add(new BsonDocument("$or", new BsonArray
            {
                Created("$lt", after.ReceivedAt), new BsonDocument("eventId", new BsonDocument("$gt", after.Key.EventId)),
            }));
        }

        if (query.TryGetValue("$and", out var others)) all.AddRange(others.AsBsonArray);
        return query.Set("$and", all);
    }

    private static BsonDocument Created(string than, DateTimeOffset at)
        => new("createdAt", new BsonDocument(than, BsonFields.Date(at)));
}
