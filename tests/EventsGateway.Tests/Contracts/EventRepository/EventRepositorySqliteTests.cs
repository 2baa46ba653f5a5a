using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Repositories.Sqlite;
using Gateway.Shared.Sqlite;
using Microsoft.Data.Sqlite;

namespace Gateway.EventsGateway.Tests.Contracts.EventRepository;

public sealed partial class EventRepositorySqliteTests : EventRepositoryContract
{
    private readonly SqliteStore _store;
    private readonly AcceptedEvents _newEvents;

    public EventRepositorySqliteTests()
        : this(new SqliteStore())
    {
    }

    private EventRepositorySqliteTests(SqliteStore store)
        : base(store) => (_store, _newEvents) = (store, new AcceptedEvents(store.Time, seed: 7));

    // What only the Embedded profile promises.

    [Fact]
    public async Task Restart_expires_every_claim_at_once()
    {
        await _store.Events.AddAsync(_newEvents.Take(3));
        var before = (await ClaimAsync()).Events;

        await _store.ReopenAsync();

        (await ClaimAsync()).NextDueIn.ShouldBe(TimeSpan.FromSeconds(1));
        _store.Time.Advance(TimeSpan.FromSeconds(1));
        var again = (await ClaimAsync()).Events;
        again.Select(claimed => claimed.Event.AbandonedAttempts).ShouldBe([1, 1, 1]);
        var late = new AttemptOutcome
        {
            Key = before[0].Event.Key, Token = before[0].Token, Kind = AttemptOutcomeKind.Failed,
        };
        (await _store.Events.SaveOutcomesAsync([late])).ShouldBe([false]);
    }

    [Fact]
    public async Task Only_the_first_claim_after_a_start_expires_other_claims()
    {
        await _store.Events.AddAsync(_newEvents.Take(2));
        var first = await ClaimAsync(limit: 1);
        await ClaimAsync(limit: 1);

        var saved = await _store.Events.SaveOutcomesAsync(
            [.. first.Events.Select(claimed
                => new AttemptOutcome { Key = claimed.Event.Key, Token = claimed.Token, Kind = AttemptOutcomeKind.Completed })]);

        saved.ShouldBe([true]);
    }

    [Fact]
    public async Task Every_statement_finds_its_events_by_an_index()
    {
        await UseEverythingAsync();
        var texts = new HashSet<string>(await _store.Database.WriteAsync(StatementsOf));
        texts.UnionWith(await _store.Database.ReadAsync(StatementsOf, CancellationToken.None));
        foreach (var statement in AllOf(typeof(EventStatements))) texts.ShouldContain(statement);
        foreach (var request in EveryClaim) texts.ShouldContain(EventStatements.Claim(request));

        using var connection = Connect();
        foreach (var text in texts.Where(text => text.Contains("events", StringComparison.Ordinal)))
        {
            foreach (var step in PlanOf(connection, text))
                FullScan().IsMatch(step).ShouldBeFalse($"{step}\nin\n{text}");
        }
    }

    [Fact]
    [Trait("Defect", "B18")]
    public void Work_list_is_read_by_its_own_indexes()
    {
        using var connection = Connect();
        (string Statement, string Index)[] expected =
        [
            .. EveryClaim.Select(request
                => (EventStatements.Claim(request), request.Order == ClaimOrder.Isolated ? "events_isolated" : "events_due")),
            (EventStatements.Postpone, "events_due"),
            (EventStatements.AnyIsolatedDue, "events_isolated"),
            (EventStatements.NextDue, "events_due"),
            (EventStatements.ExpireClaims, "events_claimed"),
            (EventStatements.TooOld, "events_status"),
            (EventStatements.Save, "events_key"),
            (EventStatements.GroupFailures, "events_failed"),
            (EventStatements.GroupFailuresOfSource, "events_failed"),
        ];
        foreach (var (statement, index) in expected)
        {
            PlanOf(connection, statement)
                .ShouldContain(step => step.Contains($"INDEX {index}", StringComparison.Ordinal), statement);
        }
    }

    [Fact]
    public void Event_id_is_looked_up_by_the_key_index_whatever_else_the_filter_has()
    {
        using var connection = Connect();
        EventFilter[] others =
        [
            new(), new() { Status = EventStatus.Failed }, new() { Status = EventStatus.Processed, MerchantId = "a" },
            new() { ShipmentId = "a" }, new() { MerchantId = "a" },
            new() { ShippingCompanyId = "a", Type = EventType.Created }, new() { Outcome = EventOutcome.Late },
            new() { Outcome = FailureReasonText.Poison, LastError = "a" },
            new() { From = DateTimeOffset.UnixEpoch, To = DateTimeOffset.UnixEpoch },
        ];
        foreach (var filter in others.Select(other => other with { EventId = "7" }))
        {
            var clause = new EventFilterClause(filter);
            clause.After(new EventCursor(DateTimeOffset.UnixEpoch, new EventKey("a", "7")));
            var steps = PlanOf(connection,
                $"SELECT * FROM events WHERE {clause.Where} ORDER BY receivedAt DESC, shippingCompanyId, eventId LIMIT 50");

            steps.ShouldContain("SEARCH events USING INDEX events_key (shippingCompanyId=? AND eventId=?)", clause.Where);
            steps.ShouldNotContain(step
                => FullScan().IsMatch(step) && step.StartsWith("SCAN", StringComparison.Ordinal), clause.Where);
            PlanOf(connection,
                EventStatements.OldestReplayable(new EventFilterClause(filter with { Status = EventStatus.Failed }).Where))
                .ShouldContain(step
                    => step.Contains("events_key (shippingCompanyId=? AND eventId=?)", StringComparison.Ordinal), clause.Where);
        }
    }

    /// <summary>Reading the whole table, or sorting all that was found before the first row comes out.</summary>
    [GeneratedRegex("^(SCAN events(?! USING)|USE TEMP B-TREE FOR ORDER BY)")]
    private static partial Regex FullScan();

    [GeneratedRegex("@[A-Za-z]+")]
    private static partial Regex Parameter();

    private static IEnumerable<string> AllOf(Type statements)
        => statements.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetValue(null)!);

    /// <summary>The statements that this session has run so far; it keeps them prepared by their text.</summary>
    private static List<string> StatementsOf(SqliteSession session)
    {
        var prepared = typeof(SqliteSession).GetField("_prepared", BindingFlags.Instance | BindingFlags.NonPublic)
            .ShouldNotBeNull();
        return [.. ((IDictionary)prepared.GetValue(session)!).Keys.Cast<string>().Where(text => !Transaction().IsMatch(text))];
    }

    [GeneratedRegex("^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)")]
    private static partial Regex Transaction();

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={_store.FilePath};Mode=ReadOnly;Pooling=False");
        connection.Open();
        return connection;
    }

    private static List<string> PlanOf(SqliteConnection connection, string text)
    {
        using var explain = connection.CreateCommand();
        explain.CommandText = $"EXPLAIN QUERY PLAN {text}";
        foreach (var name in Parameter().Matches(text).Select(match => match.Value).Distinct())
            explain.Parameters.AddWithValue(name, 1);
        var steps = new List<string>();
        using var rows = explain.ExecuteReader();
        while (rows.Read()) steps.Add(rows.GetString(3));
        return steps;
    }

    private Task<ClaimedBatch> ClaimAsync(int limit = 100, ClaimOrder order = ClaimOrder.Oldest)
        => _store.Events.ClaimDueAsync(new ClaimRequest(limit, order, TimeSpan.FromSeconds(30)));

    /// <summary>Every method of the adapters, and the list with every single condition.</summary>
    private static IEnumerable<ClaimRequest> EveryClaim => Enum.GetValues<ClaimOrder>().SelectMany(
        order => new RoutingScope[]?[] { null, [new("easypost", "a")] },
        (order, except) => new ClaimRequest(1, order, TimeSpan.FromSeconds(30)) { Except = except });

    private async Task UseEverythingAsync()
    {
        var e = _newEvents.Next();
        await _store.Events.AddAsync([e, AcceptedEvents.Resent(e)]);
        foreach (var request in EveryClaim) await _store.Events.ClaimDueAsync(request);
        await _store.Events.PostponeAsync([new("easypost", "a")], TimeSpan.Zero, TimeSpan.FromSeconds(1));
        await _store.Events.SaveOutcomesAsync(
            [new AttemptOutcome { Key = e.Key, Token = Guid.NewGuid(), Kind = AttemptOutcomeKind.Completed }]);
        _store.Time.Advance(TimeSpan.FromSeconds(30));
        await ClaimAsync();
        await _store.Events.FailOverdueAsync(TimeSpan.Zero, "no response");
        await _store.Events.RequeueAsync([e.Key], "mira");
        EventFilter[] filters =
        [
            new(), new() { Status = EventStatus.Failed }, new() { Outcome = FailureReasonText.Poison },
            new() { Outcome = EventOutcome.Late }, new() { Outcome = EventOutcome.Routed }, new() { LastError = "a" },
            new() { Outcome = FailureReasonText.Poison, LastError = "a" }, new() { ShipmentId = "a" }, new() { MerchantId = "a" },
            new() { ShippingCompanyId = "a" }, new() { Type = EventType.Created }, new() { From = e.ReceivedAt },
            new() { To = e.ReceivedAt }, new() { Source = "a" }, new() { Source = CanonicalEvent.BuiltInSource },
        ];
        foreach (var filter in filters)
        {
            await _store.Events.RequeueAsync(filter, atMost: 1, "mira");
            await _store.Queries.ListAsync(filter, null, 10, CancellationToken.None);
            await _store.Queries.ListAsync(filter, new EventCursor(e.ReceivedAt, e.Key), 10, CancellationToken.None);
        }

        await FailAsync(_newEvents.Next());
        await _store.Events.AddAsync([_newEvents.OfSource()]);
        await _store.Events.SaveMappedAsync(e.Key, Guid.NewGuid(), [1]);
        await _store.Events.AddMappedAsync(e.Key, Guid.NewGuid(), []);
        await _store.Queries.FindAsync(e.Key, CancellationToken.None);
        await _store.Queries.CountAsync(CancellationToken.None);
        await _store.Queries.CountContainersAsync(CancellationToken.None);
        await _store.Queries.GroupFailuresAsync(10, null, CancellationToken.None);
        await _store.Queries.GroupFailuresAsync(10, "dhl", CancellationToken.None);
        await _store.Queries.PendingAsync(CancellationToken.None);
        await _store.Retention.PurgeOnceAsync(new RetentionAges(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero));
        await _store.Erasure.EraseAsync(new ErasureSubject("a", null), 1);
        await _store.Erasure.EraseAsync(new ErasureSubject(null, "a"), 1);
        await _store.Events.ProbeAsync();
    }

    /// <summary>A resubmission requeues it.</summary>
    private async Task FailAsync(AcceptedEvent e)
    {
        await _store.Events.AddAsync([e]);
        _store.Time.Advance(TimeSpan.FromDays(1));
        await _store.Events.FailOverdueAsync(TimeSpan.FromDays(1), "no response");
        (await _store.Events.AddAsync([AcceptedEvents.Resent(e)]))[0].Result.ShouldBe(AddResult.Requeued);
    }
}
