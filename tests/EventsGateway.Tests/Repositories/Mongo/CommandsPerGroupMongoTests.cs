using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Repositories.Mongo;

/// <summary>
/// Commands per group of 100 events, the inputs of the capacity model in docs/scaling.md. Each write command writes 100
/// documents.
/// </summary>
public sealed class CommandsPerGroupMongoTests : IAsyncLifetime
{
    private const int Group = 100;

    private readonly MongoStore _store = new();
    private readonly AcceptedEvents _newEvents;
    private MongoCommands? _commands;

    public CommandsPerGroupMongoTests() => _newEvents = new AcceptedEvents(_store.Time);

    public async ValueTask InitializeAsync()
    {
        await _store.OpenAsync();
        await _store.Events.ProbeAsync();
        _commands = new MongoCommands(_store.Raw!.DatabaseNamespace.DatabaseName);
    }

    public ValueTask DisposeAsync()
    {
        _commands?.Dispose();
        return _store.DisposeAsync();
    }

    [Fact]
    public async Task Group_of_the_queue_takes_one_look_up_and_one_insert()
    {
        var group = _newEvents.Take(Group);

        // Tombstones of purged events; the events.
        (await _commands!.OfAsync(() => _store.Events.AddAsync(group))).ShouldBe("find 1, insert 1");

        // Delivered again: the rows answer that their acceptances are known.
        (await _commands.OfAsync(() => _store.Events.AddAsync(group))).ShouldBe("find 2, insert 1");
    }

    [Fact]
    public async Task Claim_takes_one_look_up_and_one_update()
    {
        await _store.Events.AddAsync(_newEvents.Take(3 * Group));
        await ClaimAsync(Group);

        // The rows that are due, also where they are more than 101; the conditional update.
        (await _commands!.OfAsync(() => ClaimAsync(2 * Group))).ShouldBe("find 1, update 1");
        await _store.Events.AddAsync(_newEvents.Take(Group));
        (await _commands.OfAsync(() => ClaimAsync(2 * Group))).ShouldBe("find 1, update 1", "fewer than requested");
    }

    [Fact]
    public async Task Claim_looks_every_half_second_for_what_is_due_later()
    {
        await _store.Events.AddAsync(_newEvents.Take(Group));

        // Beside the claim: expired claims, then the next due time and whether an isolated event is due.
        (await _commands!.OfAsync(() => ClaimAsync(2 * Group))).ShouldBe("find 4, update 1");
        (await _commands.OfAsync(() => ClaimAsync(2 * Group))).ShouldBe("find 4", "nothing was due");
        await _store.Events.AddAsync(_newEvents.Take(Group));
        (await _commands.OfAsync(() => ClaimAsync(2 * Group))).ShouldBe("find 1, update 1");
        await _store.Events.AddAsync(_newEvents.Take(Group));
        _store.Time.Advance(TimeSpan.FromSeconds(0.5));
        (await _commands.OfAsync(() => ClaimAsync(2 * Group))).ShouldBe("find 4, update 1");
    }

    [Fact]
    public async Task Attempts_take_one_look_up_and_one_write_of_shipments_and_one_write_of_outcomes()
    {
        await _store.Events.AddAsync(_newEvents.Take(Group));
        var claimed = await ClaimAsync(Group);

        (await _commands!.OfAsync(() => _store.ApplyAsync([.. claimed.Select(one => one.Event)]))).ShouldBe("find 1, insert 1");
        // Of known shipments the rows that have changed are written; these have not.
        (await _commands.OfAsync(() => _store.ApplyAsync([.. claimed.Select(one => one.Event)]))).ShouldBe("find 1");
        (await _commands.OfAsync(() => _store.Events.SaveOutcomesAsync([.. claimed.Select(Processed)]))).ShouldBe("update 1");
    }

    private static AttemptOutcome Processed(ClaimedEvent claimed)
        => new() { Key = claimed.Event.Key, Token = claimed.Token, Kind = AttemptOutcomeKind.Completed, RouteId = "R1" };

    private async Task<IReadOnlyList<ClaimedEvent>> ClaimAsync(int limit)
        => (await _store.Events.ClaimDueAsync(new ClaimRequest(limit, ClaimOrder.Oldest, TimeSpan.FromSeconds(30)))).Events;
}
