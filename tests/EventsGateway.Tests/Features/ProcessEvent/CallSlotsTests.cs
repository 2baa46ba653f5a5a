namespace Gateway.EventsGateway.Tests.Features.ProcessEvent;

/// <summary>Calls are as many as the slots; events in work are more by those that wait for the store.</summary>
public sealed class CallSlotsTests : IAsyncLifetime
{
    private const int Slots = 3;

    private readonly DispatcherFixture _fixture = new(processing => processing.Prefetch = Slots);
    private readonly TaskCompletionSource<bool> _store = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _store.TrySetResult(true);
        return _fixture.DisposeAsync();
    }

    [Fact]
    public async Task Attempt_that_waits_for_the_store_takes_no_slot()
    {
        _fixture.Store.OnClaim = request => _fixture.Batch(request.Limit);
        await _fixture.StartAsync();
        (await _fixture.Store.Claims.NextAsync()).Limit.ShouldBe(Slots);
        await _fixture.BegunAsync(Slots);

        _ = _fixture.Slots.AtStoreAsync(_store.Task);

        (await _fixture.Store.Claims.NextAsync()).Limit.ShouldBe(1);
    }

    [Fact]
    public async Task Slot_of_an_attempt_is_taken_again_after_the_store()
    {
        var waiting = _fixture.Slots.AtStoreAsync(_store.Task);
        _fixture.Slots.FreeBeside(1).ShouldBe(Slots);
        _store.SetResult(true);
        await waiting;

        _fixture.Slots.FreeBeside(1).ShouldBe(Slots - 1);
    }

    [Fact]
    public async Task Calls_that_ended_since_the_last_claim_are_claimed_ahead()
    {
        await TakeAllAsync();
        _fixture.Slots.Return();
        _fixture.Slots.Return();
        _fixture.Slots.FreeBeside(1).ShouldBe(Slots + 2 - 1);

        _fixture.Slots.ClaimBegins();

        _fixture.Slots.FreeBeside(1).ShouldBe(Slots - 1);
    }

    [Fact]
    public void Three_attempts_per_slot_may_wait_for_the_store()
    {
        for (var i = 0; i < 20; i++) _ = _fixture.Slots.AtStoreAsync(_store.Task);

        _fixture.Slots.FreeBeside(20).ShouldBe((4 * Slots) - 20);
    }

    [Fact]
    public void Service_that_limits_its_calls_gets_no_claims_ahead()
    {
        for (var i = 0; i < 20; i++) _ = _fixture.Slots.AtStoreAsync(_store.Task);
        _ = _fixture.Slots.FreeBeside(0);

        _fixture.Routing.Pace.Halve();

        _fixture.Slots.FreeBeside(0).ShouldBe(1);
    }

    [Fact]
    public async Task Call_waits_for_a_slot()
    {
        await TakeAllAsync();
        var next = _fixture.Slots.TryTakeAsync(CancellationToken.None);
        next.IsCompleted.ShouldBeFalse();

        _fixture.Slots.Return();

        (await next).ShouldBeTrue();
    }

    [Fact]
    public async Task Call_waits_only_while_its_attempt_has_time_for_it()
    {
        // Of the 25 s of an attempt, 10 s are for the call and 2 s for the store.
        var wait = TimeSpan.FromSeconds(13);
        await TakeAllAsync();
        var next = _fixture.Slots.TryTakeAsync(CancellationToken.None);
        await _fixture.Time.TimerRunsAsync(wait);

        _fixture.Time.Advance(wait);

        (await next).ShouldBeFalse();
    }

    private async Task TakeAllAsync()
    {
        for (var i = 0; i < Slots; i++) (await _fixture.Slots.TryTakeAsync(CancellationToken.None)).ShouldBeTrue();
    }
}
