using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;
using Gateway.TestSupport.Servers;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Tests.Repositories.Mongo;

/// <summary>
/// A connection that ends after the server has written, as at a change of the primary. On a replica set the driver repeats
/// inserts and updates of single documents, and the server knows them; all else is a fault of the store, and the next call of the
/// gateway finds what was written. No write is lost or takes effect twice.
/// </summary>
public sealed class LostAnswerMongoTests : IAsyncLifetime
{
    // The first word of a command.
    private const string Insert = "insert\0", Update = "update\0";

    private MongoServer? _server;
    private DelayingProxy _proxy = null!;
    private MongoStore _store = null!;
    private AcceptedEvents _newEvents = null!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server is null) return;
        await _store.DisposeAsync();
        _proxy.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Insert_is_repeated_by_the_driver_and_takes_effect_once()
    {
        await StartAsync("--replSet", "rs0");
        var group = _newEvents.Take(50);
        _proxy.LoseAnswerTo(Insert);

        var answers = await _store.Events.AddAsync(group);

        _proxy.Lost.ShouldBe(1);
        answers.ShouldAllBe(answer => answer.Result == AddResult.Added);
        (await _store.Queries.CountAsync(CancellationToken.None)).Pending.ShouldBe(50);
    }

    [Fact]
    public async Task Outcomes_are_repeated_by_the_driver_and_take_effect_once()
    {
        await StartAsync("--replSet", "rs0");
        await _store.Events.AddAsync(_newEvents.Take(50));
        var claimed = (await ClaimAsync()).Events;
        _proxy.LoseAnswerTo(Update);

        var saved = await _store.Events.SaveOutcomesAsync([.. claimed.Select(Processed)]);

        _proxy.Lost.ShouldBe(1);
        saved.ShouldAllBe(isSaved => isSaved);
        (await _store.Queries.CountAsync(CancellationToken.None)).Processed.ShouldBe(50);
    }

    [Fact]
    public async Task Claim_whose_answer_is_lost_is_a_fault_and_is_released()
    {
        await StartAsync("--replSet", "rs0");
        await _store.Events.AddAsync(_newEvents.Take(50));
        _proxy.LoseAnswerTo(Update);

        // An update of several documents is not repeated.
        await Should.ThrowAsync<BackendUnavailableException>(ClaimAsync);

        _proxy.Lost.ShouldBe(1);
        (await ClaimAsync()).Events.ShouldBeEmpty();
        _store.Time.Advance(ReleasePolicy.Wait);
        var again = (await ClaimAsync()).Events;
        again.Count.ShouldBe(50);
        again.ShouldAllBe(one => one.Event.AbandonedAttempts == 0);
    }

    [Fact]
    public async Task Insert_on_a_single_server_is_a_fault_and_its_repetition_is_a_duplicate()
    {
        await StartAsync();
        var group = _newEvents.Take(50);
        _proxy.LoseAnswerTo(Insert);

        await Should.ThrowAsync<BackendUnavailableException>(() => _store.Events.AddAsync(group));

        _proxy.Lost.ShouldBe(1);
        (await _store.Events.AddAsync(group)).ShouldAllBe(answer => answer.Result == AddResult.Duplicate);
        (await _store.Queries.CountAsync(CancellationToken.None)).Pending.ShouldBe(50);
    }

    private static AttemptOutcome Processed(ClaimedEvent claimed)
        => new() { Key = claimed.Event.Key, Token = claimed.Token, Kind = AttemptOutcomeKind.Completed };

    private Task<ClaimedBatch> ClaimAsync()
        => _store.Events.ClaimDueAsync(new ClaimRequest(100, ClaimOrder.Oldest, TimeSpan.FromMinutes(10)));

    private async Task StartAsync(params string[] arguments)
    {
        _server = await MongoServer.StartAsync(arguments);
        _proxy = new DelayingProxy(new MongoUrl(_server.Uri).Server.Port);
        _store = new MongoStore { Server = _server };
        _newEvents = new AcceptedEvents(_store.Time);
        await _store.PrepareAsync();
        // Otherwise the driver would use the address by which the replica set knows its member.
        _store.Options.Uri = new MongoUrlBuilder(_store.Options.Uri)
        {
            Server = new MongoServerAddress("127.0.0.1", _proxy.Port), DirectConnection = true,
        }.ToString();
        await _store.OpenAsync();
        await _store.Events.ProbeAsync();
    }
}
