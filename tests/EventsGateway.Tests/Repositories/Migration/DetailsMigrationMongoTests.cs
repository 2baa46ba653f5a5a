using System.Text;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonFields;

namespace Gateway.EventsGateway.Tests.Repositories.Migration;

/// <summary>A document with the fields of the version before.</summary>
public sealed class DetailsMigrationMongoTests : DetailsMigrationContract
{
    private readonly MongoStore _store;

    public DetailsMigrationMongoTests()
        : this(new MongoStore())
    {
    }

    private DetailsMigrationMongoTests(MongoStore store)
        : base(store) => _store = store;

    private protected override async Task WriteAsync()
    {
        await _store.PrepareAsync();
        await _store.Rows.InsertOneAsync(new BsonDocument
        {
            { "shippingCompanyId", "dhl" }, { "eventId", "1" }, { "merchantId", "m-1" }, { "shipmentId", "sh-1" },
            { "type", "SHIPMENT_CREATED" }, { "status", "pending" }, { "occurredAt", Date(Now) }, { "receivedAt", Date(Now) },
            { "createdAt", Date(Now) }, { "body", Encoding.UTF8.GetBytes(Body) }, { "acceptIds", new BsonArray() },
            { "generation", 1 }, { "requeuedAt", Date(Now) }, { "tries", 0 }, { "attemptsSpent", 0 },
            { "abandonedAttempts", 0 }, { "attempts", new BsonArray() }, { "dueAt", Date(Now) },
        });
        var pauses = _store.Raw!.GetCollection<BsonDocument>("pauses");
        var unique = new CreateIndexOptions<BsonDocument>
        {
            Name = "gateway_current", Unique = true, PartialFilterExpression = new BsonDocument("current", true),
        };
        await pauses.Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>(new BsonDocument("merchantId", 1), unique));
        await pauses.InsertOneAsync(new BsonDocument
        {
            { "merchantId", "m-1" }, { "since", Date(Now) }, { "by", "mira" }, { "current", true },
        });
    }
}
