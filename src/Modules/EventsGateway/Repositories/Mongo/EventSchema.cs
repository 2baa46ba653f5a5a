using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.NestInterop;
using Gateway.Shared.Health;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>
/// The index of every query, in every environment (R11). Each has a name and fields that the original never used, so
/// that none is taken for one of the original's.
/// </summary>
internal static class EventSchema
{
    public const string KeyIndex = "gateway_key";
    public const string StatusIndex = "gateway_status";
    public const string DueIndex = "gateway_due";
    public const string IsolatedIndex = "gateway_isolated";
    public const string AgeIndex = "gateway_age";
    public const string ClaimedIndex = "gateway_claimed";
    public const string EffectsIndex = "gateway_effects";
    public const string FailedIndex = "gateway_failed";

    /// <summary>Named for what it was first made for: rows of the original, which have no company, are adopted by it.</summary>
    public const string EventIdIndex = "gateway_adoption";

    public const string SettledIndex = "gateway_settled";

    // What is settled has no dueAt and what is claimed is due later, so no claim ever walks over either.
    private static readonly BsonDocument Open = new("dueAt", Exists(true));

    private static readonly CreateIndexModel<BsonDocument>[] OfEvents =
    [
        // Rows of the original have no company: they must not stand in each other's way.
        Index(KeyIndex, Ascending("shippingCompanyId", "eventId"), new BsonDocument("shippingCompanyId", Exists(true)), isUnique: true),
        Index(EventIdIndex, Ascending("eventId", "shippingCompanyId")),
        Index("gateway_received", Newest()),
        Index(StatusIndex, Newest("status")),
        Index("gateway_shipment", Newest("shipmentId")),
        Index("gateway_merchant", Newest("merchantId")),
        Index("gateway_company", new BsonDocument { { "shippingCompanyId", 1 }, { "receivedAt", -1 }, { "eventId", 1 } }),
        Index("gateway_type", Newest("type")),
        Index(DueIndex, Ascending("dueAt"), Open),
        Index(IsolatedIndex, Ascending("dueAt", "abandonedAttempts"), EventConditions.Isolated),
        Index(AgeIndex, Ascending("requeuedAt"), Open),
        Index(ClaimedIndex, Ascending("dueAt", "claim.token"), new BsonDocument("claim.token", Exists(true))),
        Index(FailedIndex, Newest("status", "outcome", "lastError").Add("requeuedAt", 1), new BsonDocument("status", EventStatus.Failed.Text())),
        Index("gateway_late", Newest("outcome"), new BsonDocument("outcome", EventOutcome.Late)),
        Index(
            SettledIndex, Ascending(EventDocument.PurgedAt, "processedAt"),
            new BsonDocument { { "status", "processed" }, { "shippingCompanyId", Exists(true) } }),
        Index("gateway_removal", Ascending(Removals.Field), new BsonDocument(Removals.Field, Exists(true))),
        Index(EffectsIndex, Ascending("effectsDue.at"), new BsonDocument("effectsDue.at", Exists(true))),
    ];

    public static MongoSchema Schema { get; } = new(async (database, options, stop) =>
    {
        var events = EventDocument.In(database);
        await LegacyIndexes.ClearTheWayAsync(events, options, stop);
        await FieldRenames.ApplyAsync(database, stop);
        await CreateAsync(events, OfEvents, stop);
        await CreateAsync(database.GetCollection<BsonDocument>(AuditRepositoryMongo.Collection), [Index("gateway_latest", new BsonDocument { { "at", -1 }, { "_id", -1 } })], stop);
        await ShipmentSchema.EnsureAsync(database.GetCollection<BsonDocument>(ShipmentRepositoryMongo.Collection), options, stop);
    });

    private static async Task CreateAsync(
        IMongoCollection<BsonDocument> collection, IEnumerable<CreateIndexModel<BsonDocument>> indexes, CancellationToken stop)
    {
        try
        {
            await collection.Indexes.CreateManyAsync(indexes, stop);
        }
        catch (MongoCommandException refused) when (MongoFault.IsDuplicateKey(refused) || LegacyIndexes.IsConflict(refused))
        {
            throw MongoFault.Because(
                $"an index of {collection.CollectionNamespace.CollectionName} cannot be made, something stands in its way: {refused.Message}", refused);
        }
    }

    private static CreateIndexModel<BsonDocument> Index(
        string name, BsonDocument fields, BsonDocument? only = null, bool isUnique = false)
        => new(fields, new CreateIndexOptions<BsonDocument>
        {
            Name = name, PartialFilterExpression = only, Unique = isUnique ? true : null,
        });

    private static BsonDocument Newest(params string[] chosen)
        => Ascending(chosen).Add("receivedAt", -1).Add("shippingCompanyId", 1).Add("eventId", 1);
}
