using System.Diagnostics.CodeAnalysis;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Repositories.Mongo;
using Gateway.Shared.Mongo;
using Gateway.TestSupport.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Tests.Harnesses;

/// <summary>The Distributed profile's adapters over a real server, in a database of one test's own.</summary>
[SuppressMessage("Performance", "CA1852", Justification = "The harness of NestInterop derives from it.")]
internal class MongoStore : StoreHarness
{
    private readonly string _database = $"gateway_test_{Guid.NewGuid():N}";
    private readonly List<MongoConnection> _connections = [];
    private IEventRepository? _events;
    private IEventRetention? _retention;

    /// <summary>One of the test's own; else the shared one.</summary>
    public MongoServer? Server { get; init; }

    /// <summary>Set before it is opened.</summary>
    public MongoOptions Options { get; } = new();

    public MongoConnection Mongo { get; private set; } = null!;

    public override IEventRepository Events => _events!;

    public override IEventQueries Queries => new EventQueriesMongo(Mongo, Time);

    protected virtual MongoSchema Schema => EventSchema.Schema;

    public override IShipmentRepository Shipments
        => new ShipmentRepositoryMongo(Mongo, Time, NullLogger<ShipmentRepositoryMongo>.Instance);

    public override IAuditRepository Audit => new AuditRepositoryMongo(Mongo);

    public override IEventRetention Retention => _retention!;

    public override IEventErasure Erasure => new EventErasureMongo(Mongo, Time);

    public override IEventDismissal Dismissal => new EventDismissalMongo(Mongo, Time);

    public override IPauseRepository Pauses => new PauseRepositoryMongo(Mongo, Time);

    public override IHistoryRepository History => new HistoryRepositoryMongo(Mongo);

    public IDeadLetterOutbox Outbox => new DeadLetterOutboxMongo(Mongo, Time);

    /// <summary>Past the adapters, as the original or an operator reaches it.</summary>
    public IMongoDatabase? Raw { get; private set; }

    public IMongoCollection<BsonDocument> Rows => Raw!.GetCollection<BsonDocument>("events");

    public IMongoCollection<BsonDocument> ShipmentRows => Raw!.GetCollection<BsonDocument>("shipments");

    /// <summary>The server and its empty database, before any process of ours has looked at it.</summary>
    public async Task PrepareAsync()
    {
        Options.Uri = (Server ?? await MongoServer.SharedAsync()).UriOf(_database);
        Raw = new MongoClient(Options.Uri).GetDatabase(_database);
    }

    public override async ValueTask OpenAsync()
    {
        if (Raw is null) await PrepareAsync();
        (Mongo, _events) = Another();
        _retention = new EventRetentionMongo(Mongo, Time);
    }

    /// <summary>One more process on the same data.</summary>
    public (MongoConnection Mongo, IEventRepository Events) Another()
    {
        var mongo = new MongoConnection(
            Microsoft.Extensions.Options.Options.Create(Options), Schema, TimeProvider.System);
        _connections.Add(mongo);
        return (mongo, EventsOn(mongo));
    }

    private protected virtual IEventRepository EventsOn(MongoConnection mongo) => new EventRepositoryMongo(mongo, Time);

    public override ValueTask ReopenAsync()
    {
        Mongo.Dispose();
        return OpenAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections) connection.Dispose();
        // The test was skipped: there is no server here.
        if (Raw is null) return;
        await Raw.Client.DropDatabaseAsync(_database);
        Raw.Client.Dispose();
    }
}
