using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories.Mongo;
using Gateway.Shared.Health;
using Gateway.Shared.Mongo;
using Gateway.TestSupport;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.Benchmarks.Seed;

internal sealed class SeedMongo(string uri) : ISeededStore
{
    private readonly MongoClient _client = new(uri);

    private IMongoDatabase Database => _client.GetDatabase(new MongoUrl(uri).DatabaseName ?? "fincart_events");

    public Task PrepareAsync()
        => EventSchema.Schema.EnsureAsync(Database, new MongoOptions { Uri = uri }, CancellationToken.None);

    public Task AddAsync(IReadOnlyList<EventEntity> events)
        => Database.GetCollection<BsonDocument>(EventDocument.Collection).InsertManyAsync(events.Select(Row));

    public Task AddAsync(IReadOnlyList<ShipmentEntity> shipments)
        => ShipmentDocument.In(Database).InsertManyAsync(
            shipments.Select(shipment => ShipmentDocument.New(shipment, shipment.LastEventAt!.Value)));

    public void Dispose() => _client.Dispose();

    private static BsonDocument Row(EventEntity e)
    {
        var row = EventDocument.New(
            new AcceptedEvent
            {
                Key = e.Key, MerchantId = e.MerchantId, ShipmentId = e.ShipmentId, Type = e.Type, OccurredAt = e.OccurredAt,
                ReceivedAt = e.ReceivedAt, AcceptId = Guid.CreateVersion7(), Body = e.Body.ToArray(), Headers = e.Headers,
            },
            e.ReceivedAt.ToUnixTimeMilliseconds());
        row["status"] = e.Status.Text();
        row["attemptsSpent"] = e.AttemptsSpent;
        row["attempts"] = new BsonArray(e.Attempts.Select(EventDocument.Attempt));
        Set("outcome", e.Outcome);
        Set("routeId", e.RouteId);
        Set("lastError", e.LastError);
        Set("processedAt", DateOrNull(e.ProcessedAt));
        Set("firstAttemptAt", DateOrNull(e.FirstAttemptAt));
        Set("dueAt", DateOrNull(e.DueAt));
        if (e.Status != EventStatus.Pending && PayloadProjection.Of(e.Body.Span).Value is { } payload) row["payload"] = payload;
        return row;

        void Set(string field, BsonValue? value)
        {
            if (value is null) row.Remove(field);
            else row[field] = value;
        }
    }

    private static BsonDateTime Date(DateTimeOffset at) => new(at.ToUnixTimeMilliseconds());

    private static BsonDateTime? DateOrNull(DateTimeOffset? at) => at is null ? null : Date(at.Value);
}
