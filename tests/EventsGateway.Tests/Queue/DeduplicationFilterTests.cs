using Gateway.EventsGateway.Queue;
using Gateway.Shared.Errors;
using Gateway.Shared.Idempotency;
using Gateway.Shared.Json;

namespace Gateway.EventsGateway.Tests.Queue;

public sealed class DeduplicationFilterTests
{
    private const int NotEnqueued = 204;

    private readonly DeduplicationFilterFixture _fixture = new();

    private DeduplicationFilter Filter => _fixture.Filter;

    [Fact]
    [Trait("Defect", "R3")]
    public async Task Event_is_cached_only_after_it_is_durable()
    {
        (await Filter.EnqueueAsync(_fixture.NewEvents.Take(2))).ShouldBe([EnqueueResult.New, EnqueueResult.New]);

        _fixture.Calls.ShouldBe(["durable 1 2", "cached 1 2"]);
    }

    [Fact]
    public async Task Cache_entry_holds_the_accept_id_and_the_hash_of_the_body()
    {
        var e = _fixture.NewEvents.Next();

        await Filter.EnqueueAsync([e]);

        _fixture.Entries[e.Key.ToString()].ShouldBe(
            new CacheEntry(e.AcceptId, JsonHash.Of(e.Body)));
    }

    [Fact]
    public async Task Cached_events_are_not_enqueued_and_results_keep_the_order()
    {
        var second = await _fixture.CachedAsync();
        var fourth = await _fixture.CachedAsync();
        var (first, third) = (_fixture.NewEvents.Next(), _fixture.NewEvents.Next());

        (await Filter.EnqueueAsync([first, second, third, fourth]))
            .ShouldBe([EnqueueResult.New, EnqueueResult.Duplicate, EnqueueResult.New, EnqueueResult.Duplicate]);

        _fixture.Calls.ShouldBe(["durable 3 4", "cached 3 4"]);
    }

    [Fact]
    public async Task Queue_is_not_called_when_all_events_are_cached()
    {
        var cached = await _fixture.CachedAsync();
        _fixture.Fault = new BackendUnavailableException("rabbitmq", "gone");

        (await Filter.EnqueueAsync([cached])).ShouldBe([EnqueueResult.Duplicate]);

        _fixture.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_that_are_not_durable_are_not_cached_and_duplicates_of_the_queue_are()
    {
        var group = _fixture.NewEvents.Take(3);
        _fixture.Result = e => new EnqueueResult((EnqueueStatus)Array.IndexOf(group, e));

        (await Filter.EnqueueAsync(group)).ShouldBe([EnqueueResult.NotDurable, EnqueueResult.New, EnqueueResult.Duplicate]);

        _fixture.Calls.ShouldBe(["durable 1 2 3", "cached 2 3"]);
    }

    [Fact]
    [Trait("Defect", "R2")]
    public async Task Queue_fault_is_thrown_and_nothing_is_cached()
    {
        _fixture.Fault = new BackendUnavailableException("rabbitmq", "gone");

        await Should.ThrowAsync<BackendUnavailableException>(() => Filter.EnqueueAsync(_fixture.NewEvents.Take(2)));
        await Should.ThrowAsync<BackendUnavailableException>(Filter.ProbeAsync);

        _fixture.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Queue_fault_does_not_affect_cached_events()
    {
        var cached = await _fixture.CachedAsync();
        _fixture.Fault = new BackendUnavailableException("rabbitmq", "gone");

        (await Filter.EnqueueAsync([_fixture.NewEvents.Next(), cached]))
            .ShouldBe([EnqueueResult.NotDurable, EnqueueResult.Duplicate]);
        await Filter.EnqueueAsync([_fixture.NewEvents.Next(), cached]);

        _fixture.Calls.ShouldBeEmpty();
        _fixture.Logged.ShouldBe([NotEnqueued], "at most once a second");
    }

    [Fact]
    public async Task Another_body_under_a_cached_key_is_a_duplicate_with_a_conflict()
    {
        var cached = await _fixture.CachedAsync();

        (await Filter.EnqueueAsync([cached with { Body = "{}"u8.ToArray() }, cached]))
            .ShouldBe([EnqueueResult.Duplicate with { IsConflict = true }, EnqueueResult.Duplicate]);
    }

    [Fact]
    public async Task Body_that_is_equal_as_JSON_is_no_conflict()
    {
        var first = _fixture.NewEvents.Next() with { Body = """{"a":1,"b":[2]}"""u8.ToArray() };
        await Filter.EnqueueAsync([first]);

        (await Filter.EnqueueAsync([AcceptedEvents.Resent(first) with { Body = """{ "b": [2], "a": 1 }"""u8.ToArray() }]))
            .ShouldBe([EnqueueResult.Duplicate]);
    }
}
