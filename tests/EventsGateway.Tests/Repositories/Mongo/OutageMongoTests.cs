using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;

namespace Gateway.EventsGateway.Tests.Repositories.Mongo;

/// <summary>A store that is away is a fault of the store, told within a bounded time; it is used again when it is back.</summary>
public sealed class OutageMongoTests : IAsyncLifetime
{
    /// <summary>Only ends a test that would hang.</summary>
    private static readonly TimeSpan Bounded = TimeSpan.FromSeconds(60);

    private MongoServer? _server;
    private MongoStore _store = null!;
    private AcceptedEvents _newEvents = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await MongoServer.StartAsync();
        _store = new MongoStore { Server = _server };
        _newEvents = new AcceptedEvents(_store.Time);
        await _store.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is null) return;
        await _store.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    [Trait("Defect", "R10")]
    public async Task Killed_store_is_a_fault_of_every_port_and_keeps_its_data()
    {
        var before = _newEvents.Take(3);
        await _store.Events.AddAsync(before);
        var claimed = (await ClaimAsync()).Events;
        await _server!.KillAsync();

        Func<Task>[] asks =
        [
            () => _store.Events.AddAsync(before), ClaimAsync, () => _store.Events.SaveOutcomesAsync([Processed(claimed[0])]),
            () => _store.Events.FailOverdueAsync(TimeSpan.Zero, ""), () => _store.Events.RequeueAsync([before[0].Key], "mira"),
            () => _store.Events.RequeueAsync(new EventFilter(), 1, "mira"), _store.Events.ProbeAsync,
            () => _store.Queries.CountAsync(CancellationToken.None),
                () => _store.Queries.FindAsync(before[0].Key, CancellationToken.None),
            () => _store.Queries.ListAsync(new EventFilter(), null, 1, CancellationToken.None),
            () => _store.ApplyAsync([claimed[0].Event]), () => _store.ShipmentAsync("sh"),
            () => _store.Outbox.ClaimAsync(1, TimeSpan.FromSeconds(30)),
        ];
        var faults = await Task.WhenAll(
            asks.Select(ask => Should.ThrowAsync<BackendUnavailableException>(() => Task.Run(ask)).WaitAsync(Bounded)));

        faults.ShouldAllBe(fault => fault.Backend == "mongo" && fault.Message.Length < 500);
        await _server.StartAgainAsync();
        await Until.TrueAsync(AnswersAsync, answers => answers);
        (await _store.Events.SaveOutcomesAsync([.. claimed.Select(Processed)])).ShouldBe([true, true, true]);
        (await _store.Queries.CountAsync(CancellationToken.None)).Processed.ShouldBe(3);
    }

    [Fact]
    public async Task Hanging_store_is_a_fault()
    {
        await _store.Events.ProbeAsync();
        _server!.Pause();

        var fault = await Should.ThrowAsync<BackendUnavailableException>(
            _store.Events.AddAsync(_newEvents.Take(1)).WaitAsync(Bounded));

        fault.Backend.ShouldBe("mongo");
        _server.Resume();
        await Until.TrueAsync(AnswersAsync, answers => answers);
    }

    [Fact]
    [Trait("Defect", "R4")]
    public async Task Process_that_starts_without_its_store_works_once_it_is_available()
    {
        await _server!.KillAsync();
        var events = _store.Another().Events;
        await Should.ThrowAsync<BackendUnavailableException>(events.ProbeAsync().WaitAsync(Bounded));

        await _server.StartAgainAsync();
        await Until.TrueAsync(AnswersAsync, answers => answers);

        (await events.AddAsync(_newEvents.Take(1))).ShouldHaveSingleItem().Result.ShouldBe(AddResult.Added);
    }

    [Fact]
    public async Task Closed_connection_is_named_as_the_fault()
    {
        await _store.Events.ProbeAsync();
        _store.Mongo.Dispose();

        (await Should.ThrowAsync<BackendUnavailableException>(_store.Events.ProbeAsync)).Message.ShouldBe(
            "mongo: the connection is closed");
        _store.Mongo.Dispose();
    }

    [Fact]
    public async Task Cancelled_read_is_no_fault_of_the_store()
    {
        using var left = new CancellationTokenSource();
        await left.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => _store.Queries.CountAsync(left.Token));
    }

    private static AttemptOutcome Processed(ClaimedEvent claimed)
        => new() { Key = claimed.Event.Key, Token = claimed.Token, Kind = AttemptOutcomeKind.Completed };

    private Task<ClaimedBatch> ClaimAsync()
        => _store.Events.ClaimDueAsync(new ClaimRequest(10, ClaimOrder.Oldest, TimeSpan.FromMinutes(10)));

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await _store.Events.ProbeAsync();
            return true;
        }
        catch (BackendUnavailableException)
        {
            return false;
        }
    }
}
