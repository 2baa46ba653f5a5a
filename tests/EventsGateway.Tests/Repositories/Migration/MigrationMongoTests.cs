using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Repositories.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Events;

namespace Gateway.EventsGateway.Tests.Repositories.Migration;

/// <summary>The documents and the indexes of version 0, as that version wrote them.</summary>
public sealed class MigrationMongoTests : MigrationContract
{
    private static readonly BsonDocument FromNest = OriginalRows.N2("nest", "sh-1", "failed").Add("life", "not ours");

    private readonly MongoStore _store;

    public MigrationMongoTests()
        : this(new MongoStore())
    {
    }

    private MigrationMongoTests(MongoStore store)
        : base(store) => _store = store;

    [Fact]
    public async Task No_field_and_no_index_keeps_an_old_name()
    {
        await _store.Rows.InsertOneAsync(new BsonDocument
        {
            { "shippingCompanyId", "dhl" }, { "eventId", "erasing" }, { "status", "failed" }, { "outcome", "erased" },
                { "buriedAt", Date(Now) },
            { "removal", BsonFields.Id(Guid.NewGuid()) },
        });
        await _store.Events.ProbeAsync();

        var rows = await _store.Rows.Find(new BsonDocument("shippingCompanyId", new BsonDocument("$exists", true))).ToListAsync();
        var left = string.Join('\n', rows.Concat(await StonesAsync()).Concat(await IndexesAsync()).Select(row => row.ToString()));
        foreach (var name in new[] { "life", "interrupt", "buriedAt", "\"refused\"", "gave-up" }) left.ShouldNotContain(name);
        rows.Single(row => row["eventId"] == "ended")["effectsDue"].AsBsonDocument.ShouldBe(
            new BsonDocument { { "generation", 1 }, { "at", Date(Now) }, { "copied", true } }, ignoreOrder: true);
        rows.Single(row => row["eventId"] == "fresh").Contains("effectsDue").ShouldBeFalse();
        rows.Single(row => row["eventId"] == "erasing").Names.ShouldBe(
            ["_id", "shippingCompanyId", "eventId", "status", "outcome", "removal", "purgedAt"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_row_of_the_NestJS_original_keeps_every_byte()
    {
        await _store.Events.ProbeAsync();

        (await _store.Rows.Find(new BsonDocument("_id", FromNest["_id"])).SingleAsync()).ToBson().ShouldBe(FromNest.ToBson());
    }

    [Fact]
    public async Task Failed_events_are_published_as_dead_letters_of_their_generation()
    {
        var letters = await _store.Outbox.ClaimAsync(10, TimeSpan.FromSeconds(30));

        letters.Select(letter => (letter.Event.Key.EventId, letter.Generation, letter.IsCopied))
            .ShouldBe([("ended", 1, true), ("exhausted", 2, true), ("overdue", 1, true), ("rejected", 1, true)],
                ignoreOrder: true);
    }

    [Fact]
    public async Task A_process_that_is_killed_after_one_batch_leaves_the_rest_to_the_next()
    {
        await _store.Rows.InsertManyAsync(
            Enumerable.Range(0, 1200).Select(i => Row(new OldEvent($"{i}", "pending") { LifeBeganAt = Now, DueAt = Now })));
        using var killed = new CancellationTokenSource();
        using var client = Listening((string command) => { if (command == "update") killed.Cancel(); });
        await Should.ThrowAsync<OperationCanceledException>(
            () => FieldRenames.ApplyAsync(client.GetDatabase(_store.Raw!.DatabaseNamespace.DatabaseName), killed.Token));
        (await OldOnesAsync()).ShouldBeInRange(1, 1208);

        await Task.WhenAll(_store.Events.ProbeAsync(), _store.Another().Events.ProbeAsync(),
            _store.Another().Events.ProbeAsync());

        (await OldOnesAsync()).ShouldBe(0);
        (await _store.Queries.CountAsync(CancellationToken.None)).Pending.ShouldBe(1203);
        (await ListAsync(new() { EventId = "777" })).ShouldHaveSingleItem().RequeuedAt.ShouldBe(Now);
    }

    [Fact]
    public async Task A_database_of_this_version_costs_one_look_at_the_indexes()
    {
        await _store.Events.ProbeAsync();
        var commands = new List<string>();
        using var client = Listening(commands.Add);

        await FieldRenames.ApplyAsync(client.GetDatabase(_store.Raw!.DatabaseNamespace.DatabaseName), CancellationToken.None);

        commands.ShouldBe(["listIndexes"]);
    }

    /// <summary>The names of version 0 return when one of its workers was not stopped before this version started.</summary>
    [Fact]
    public async Task An_event_that_a_worker_of_version_0_stores_after_the_migration_is_processed()
    {
        await _store.Events.ProbeAsync();
        await _store.Rows.InsertOneAsync(Row(new OldEvent("behind", "pending") { LifeBeganAt = Now, DueAt = Now }));

        var behind = await ClaimAsync("behind");
        (behind.Event.Generation, behind.Event.AbandonedAttempts).ShouldBe((1, 0));
        var failed = new AttemptOutcome
        {
            Key = behind.Event.Key, Token = behind.Token, Kind = AttemptOutcomeKind.Failed,
            Reason = FailureReason.RetriesExhausted,
        };
        (await _store.Events.SaveOutcomesAsync([failed])).ShouldBe([true]);
        var letters = await _store.Outbox.ClaimAsync(10, TimeSpan.Zero);
        letters.Single(letter => letter.Event.Key == failed.Key).Generation.ShouldBe(1);

        (await _store.Events.RequeueAsync([failed.Key], "mira")).Replayed.ShouldBe(1);
        (await ClaimAsync("behind")).Event.Generation.ShouldBe(2);
    }

    [Fact]
    public async Task A_dead_letter_of_a_worker_of_version_0_is_published_once()
    {
        await _store.Events.ProbeAsync();
        await _store.Rows.InsertOneAsync(Row(new OldEvent("behind", "failed") { LifeBeganAt = Now, Outcome = "poison" }));
        var letters = await _store.Outbox.ClaimAsync(10, TimeSpan.Zero);
        letters.ShouldContain(letter => letter.Event.Key.EventId == "behind");

        await _store.Outbox.ClearAsync(letters);

        (await _store.Outbox.ClaimAsync(10, TimeSpan.Zero)).ShouldBeEmpty();
    }

    private protected override async Task WriteAsync(IReadOnlyList<OldEvent> events, DateTimeOffset removedAt)
    {
        await _store.PrepareAsync();
        await _store.Rows.InsertManyAsync([.. events.Select(Row), FromNest]);
        await _store.Rows.Indexes.CreateManyAsync(
        [
            Index("gateway_alone", "{ dueAt: 1, interruptions: 1 }", "{ interruptions: { $gte: 5 } }"),
            Index("gateway_age", "{ lifeBeganAt: 1 }", "{ dueAt: { $exists: true } }"),
            Index(
                "gateway_failed",
                "{ status: 1, outcome: 1, lastError: 1, receivedAt: -1, shippingCompanyId: 1, eventId: 1, lifeBeganAt: 1 }",
                "{ status: 'failed' }"),
            Index("gateway_settled", "{ buriedAt: 1, processedAt: 1 }",
                "{ status: 'processed', shippingCompanyId: { $exists: true } }"),
        ]);
        await Stones.InsertOneAsync(new BsonDocument
        {
            { "_id", new BsonBinaryData(Tombstone.HashOf(Removed)) }, { "status", "processed" },
                { "processedAt", Date(removedAt.AddDays(-30)) },
            { "buriedAt", Date(removedAt) },
        });
        await Stones.Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>(
                new BsonDocument("buriedAt", 1),
                    new CreateIndexOptions { Name = "gateway_expiry", ExpireAfter = TimeSpan.FromDays(4000) }));
        await _store.Raw!.GetCollection<BsonDocument>("audit")
            .InsertManyAsync(new[] { "forget-seen", "login-refused", "replay" }.Select(action => new BsonDocument
        {
            { "_id", BsonFields.Id(Guid.CreateVersion7()) }, { "at", Date(Now) }, { "who", "mira" }, { "from", "127.0.0.1" },
                { "action", action }, { "what", "" },
        }));
    }

    private static CreateIndexModel<BsonDocument> Index(string name, string fields, string only)
        => new(BsonDocument.Parse(fields),
            new CreateIndexOptions<BsonDocument> { Name = name, PartialFilterExpression = BsonDocument.Parse(only) });

    private async Task<ClaimedEvent> ClaimAsync(string eventId)
    {
        var batch = await _store.Events.ClaimDueAsync(new ClaimRequest(10, ClaimOrder.Oldest, TimeSpan.FromSeconds(30)));
        return batch.Events.Single(claimed => claimed.Event.Key.EventId == eventId);
    }

    private static BsonDateTime Date(DateTimeOffset at) => BsonFields.Date(at);

    private IMongoCollection<BsonDocument> Stones => _store.Raw!.GetCollection<BsonDocument>("tombstones");

    private BsonDocument Row(OldEvent e)
    {
        var row = new BsonDocument
        {
            { "shippingCompanyId", "dhl" }, { "eventId", e.EventId }, { "merchantId", "m-1" }, { "shipmentId", "sh-1" },
                { "type", "SHIPMENT_CREATED" },
            { "status", e.Status }, { "occurredAt", Date(Now) }, { "receivedAt", Date(Now) }, { "createdAt", Date(Now) },
            { "body", "{}"u8.ToArray() }, { "acceptIds", new BsonArray { BsonFields.Id(Guid.NewGuid()) } },
            { "life", e.Life }, { "lifeBeganAt", Date(e.LifeBeganAt) },
                { "lifeBegunBy", e.LifeBegunBy, e.LifeBegunBy is not null },
            { "attemptsSpent", e.AttemptsSpent }, { "interruptions", e.Interruptions },
            { "attempts", new BsonArray(BsonDocument.Parse($$"""{"all":{{e.Attempts}}}""")["all"].AsBsonArray.Select(Line)) },
            { "outcome", e.Outcome, e.Outcome is not null }, { "lastError", e.LastError, e.LastError is not null },
            { "processedAt", Date(Now), e.Status == "processed" },
        };
        if (e.DueAt is { } due) row.Add("dueAt", Date(due));
        if (e.ClaimToken is { } token)
            row.Add("claim", new BsonDocument { { "token", BsonFields.Id(token) }, { "at", Date(Now) } });

        if (e.Status == "failed")
            row.Add("effectsDue", new BsonDocument { { "life", e.Life }, { "at", Date(Now) }, { "copied", true } });

        return row;
    }

    private static BsonDocument Line(BsonValue attempt)
    {
        var line = attempt.AsBsonDocument;
        foreach (var field in new[] { "startedAt", "lastStartedAt" })
        {
            if (line.Contains(field))
                line[field] = Date(DateTimeOffset.Parse(line[field].AsString, System.Globalization.CultureInfo.InvariantCulture));
        }

        return line;
    }

    private Task<long> OldOnesAsync()
        => _store.Rows.CountDocumentsAsync(
            BsonDocument.Parse("{ shippingCompanyId: { $exists: true }, life: { $exists: true } }"));

    private Task<List<BsonDocument>> StonesAsync() => Stones.Find(new BsonDocument()).ToListAsync();

    private async Task<IEnumerable<BsonDocument>> IndexesAsync()
        => [.. await (await _store.Rows.Indexes.ListAsync()).ToListAsync(), .. await (await Stones.Indexes.ListAsync())
            .ToListAsync()];

    /// <summary>A process of its own that tells each command that has succeeded, apart from those of the connection.</summary>
    private MongoClient Listening(Action<string> told)
    {
        var settings = MongoClientSettings.FromConnectionString(_store.Options.Uri);
        string[] ofTheConnection = ["hello", "isMaster", "ping", "buildInfo", "endSessions"];
        settings.ClusterConfigurator = cluster => cluster.Subscribe<CommandSucceededEvent>(done =>
        {
            if (!ofTheConnection.Contains(done.CommandName)) told(done.CommandName);
        });
        return new MongoClient(settings);
    }
}
