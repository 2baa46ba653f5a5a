using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>
/// The index of each query, created in each environment (R11). Names and fields differ from the indexes of the NestJS original.
/// </summary>
internal static class EventSchema
{
    public const string KeyIndex = "gateway_key";
    public const string StatusIndex = "gateway_status";

    /// <summary>
    /// Also keeps out workers of version 1, which name <see cref="DueIndexOfVersion1"/> in each claim and create it at their
    /// start: the first fails without it, the second beside an index of the same fields. They would decide by the shipments of
    /// all couriers at once.
    /// </summary>
    public const string DueIndex = "gateway_due_2";
    public const string DueIndexOfVersion1 = "gateway_due";

    public const string IsolatedIndex = "gateway_isolated";
    public const string AgeIndex = "gateway_age";
    public const string ClaimedIndex = "gateway_claimed";
    public const string EffectsIndex = "gateway_effects";
    public const string FailedIndex = "gateway_failed";

    /// <summary>
    /// Finds events by event id alone. It is named after its first use, the adoption of rows of the NestJS original.
    /// </summary>
    public const string EventIdIndex = "gateway_adoption";

    public const string ReceivedIndex = "gateway_received";
    public const string ShipmentIndex = "gateway_shipment";
    public const string RequestIdIndex = "gateway_request";

    public const string SettledIndex = "gateway_settled";
    public const string DismissedIndex = "gateway_dismissed";

    // Processed and failed events have no dueAt, and claimed events have a later one, so a claim reads none of them.
    private static readonly BsonDocument Open = new("dueAt", Exists(true));

    private static readonly CreateIndexModel<BsonDocument>[] OfEvents =
    [
        // Rows of the NestJS original have no company. They are not in the index, or they would be duplicates of each other.
        Index(KeyIndex, Ascending("shippingCompanyId", "eventId"), new BsonDocument("shippingCompanyId", Exists(true)),
            isUnique: true),
        Index(EventIdIndex, Ascending("eventId", "shippingCompanyId")),
        Index(RequestIdIndex, Ascending("requestId"), new BsonDocument("requestId", Exists(true))),
        Index(ReceivedIndex, Newest()),
        Index(StatusIndex, Newest("status")),
        Index(ShipmentIndex, Newest("shipmentId")),
        Index("gateway_merchant", Newest("merchantId")),
        Index("gateway_company", new BsonDocument { { "shippingCompanyId", 1 }, { "receivedAt", -1 }, { "eventId", 1 } }),
        Index("gateway_type", Newest("type")),
        // Events of the built-in source have no field for it.
        Index("gateway_source", Newest("source"), new BsonDocument("source", Exists(true))),
        Index(DueIndex, Ascending("dueAt"), Open),
        Index(IsolatedIndex, Ascending("dueAt", "abandonedAttempts"), EventConditions.Isolated),
        Index(AgeIndex, Ascending("requeuedAt"), Open),
        Index(ClaimedIndex, Ascending("dueAt", "claim.token"), new BsonDocument("claim.token", Exists(true))),
        Index(FailedIndex, Newest("status", "outcome", "lastError").Add("requeuedAt", 1),
            new BsonDocument("status", EventStatus.Failed.Text())),
        Index("gateway_late", Newest("outcome"), new BsonDocument("outcome", EventOutcome.Late)),
        Index(
            SettledIndex, Ascending(EventDocument.PurgedAt, "processedAt"),
            new BsonDocument { { "status", "processed" }, { "shippingCompanyId", Exists(true) } }),
        Index(
            DismissedIndex, Ascending(EventDocument.PurgedAt, "dismissedAt"), new BsonDocument("status", "dismissed")),
        Index("gateway_removal", Ascending(Removals.Field), new BsonDocument(Removals.Field, Exists(true))),
        Index(EffectsIndex, Ascending("effectsDue.at"), new BsonDocument("effectsDue.at", Exists(true))),
    ];

    public static MongoSchema Schema { get; } = new(async (database, _, stop) =>
    {
        await FieldRenames.ApplyAsync(database, stop);
        await Indexes.DropAsync(EventDocument.In(database), DueIndexOfVersion1, stop);
        await Indexes.CreateAsync(EventDocument.In(database), OfEvents, stop);
        await Indexes.CreateAsync(
            database.GetCollection<BsonDocument>(AuditRepositoryMongo.Collection),
            [Index("gateway_latest", new BsonDocument { { "at", -1 }, { "_id", -1 } })], stop);
        var pauses = database.GetCollection<BsonDocument>(PauseRepositoryMongo.Collection);
        // Of the time before sources.
        await Indexes.DropAsync(pauses, "gateway_current", stop);
        await Indexes.CreateAsync(
            pauses,
            [Index(
                "gateway_current_2", Ascending("source", "merchantId"), new BsonDocument(PauseRepositoryMongo.Current, true),
                isUnique: true)],
            stop);
        await ShipmentSchema.EnsureAsync(database, stop);
    });

    private static CreateIndexModel<BsonDocument> Index(
        string name, BsonDocument fields, BsonDocument? only = null, bool isUnique = false)
        => new(fields, new CreateIndexOptions<BsonDocument>
        {
            Name = name, PartialFilterExpression = only, Unique = isUnique ? true : null,
        });

    private static BsonDocument Newest(params string[] chosen)
        => Ascending(chosen).Add("receivedAt", -1).Add("shippingCompanyId", 1).Add("eventId", 1);
}
