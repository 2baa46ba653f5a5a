using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Tests.Features.ProcessEvent;

namespace Gateway.EventsGateway.Tests.Contracts.PauseRepository;

public abstract class PauseRepositoryContract : IAsyncLifetime
{
    private readonly StoreHarness _store;

    private protected PauseRepositoryContract(StoreHarness store) => _store = store;

    public ValueTask InitializeAsync() => _store.OpenAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Pause_survives_a_restart_and_a_second_one_of_its_scope_changes_nothing()
    {
        var began = _store.Time.GetUtcNow();
        (await _store.Pauses.PauseAsync(null, "mira")).ShouldBeTrue();
        _store.Time.Advance(TimeSpan.FromMinutes(1));
        (await _store.Pauses.PauseAsync(null, "noor")).ShouldBeFalse();
        (await _store.Pauses.PauseAsync("m-1", "noor")).ShouldBeTrue();

        await _store.ReopenAsync();

        (await ListAsync()).ShouldBe(
            [new RoutingPause(null, began, "mira", null), new RoutingPause("m-1", _store.Time.GetUtcNow(), "noor", null)]);
    }

    [Fact]
    public async Task Ended_pause_is_kept_with_its_end_and_its_scope_can_be_paused_again()
    {
        await _store.Pauses.PauseAsync("m-1", "mira");
        _store.Time.Advance(TimeSpan.FromMinutes(1));
        (await _store.Pauses.ResumeAsync(null)).ShouldBeFalse();
        (await _store.Pauses.ResumeAsync("m-1")).ShouldBeTrue();
        (await _store.Pauses.ResumeAsync("m-1")).ShouldBeFalse();
        var ended = _store.Time.GetUtcNow();
        (await _store.Pauses.PauseAsync("m-1", "noor")).ShouldBeTrue();

        (await ListAsync()).Select(pause => (pause.By, pause.ResumedAt)).ShouldBe([("mira", ended), ("noor", null)]);
    }

    [Fact]
    public async Task Ended_pause_is_removed_when_no_event_can_have_waited_since()
    {
        await _store.Pauses.PauseAsync("m-1", "mira");
        await _store.Pauses.ResumeAsync("m-1");
        _store.Time.Advance(RoutingPause.Kept);

        await _store.Pauses.ResumeAsync("m-1");

        (await ListAsync()).ShouldBeEmpty();
    }

    /// <summary>No signal reaches it: it only reads the store.</summary>
    [Fact]
    public async Task Worker_of_another_process_follows_a_pause_and_its_end_within_the_poll_interval()
    {
        await using var worker = new DispatcherFixture(pauses: _store.Pauses);
        await worker.StartAsync();
        await worker.Store.Claims.NextAsync();
        await worker.Time.TimerRunsAsync(DispatcherFixture.LongestSleep);

        await _store.Pauses.PauseAsync(null, "mira");
        worker.Time.Advance(DispatcherFixture.LongestSleep);
        await worker.Time.TimerRunsAsync(DispatcherFixture.LongestSleep);
        worker.Store.Claims.Rest().ShouldBeEmpty();

        await _store.Pauses.ResumeAsync(null);
        worker.Time.Advance(DispatcherFixture.LongestSleep);
        await worker.Store.Claims.NextAsync();
    }

    [Fact]
    public async Task Worker_of_another_process_leaves_out_a_paused_merchant_within_the_poll_interval()
    {
        await using var worker = new DispatcherFixture(pauses: _store.Pauses);
        await worker.StartAsync();
        (await worker.Store.Claims.NextAsync()).Except.ShouldBeNull();
        await worker.Time.TimerRunsAsync(DispatcherFixture.LongestSleep);

        await _store.Pauses.PauseAsync("m-1", "mira");
        worker.Time.Advance(DispatcherFixture.LongestSleep);
        (await worker.Store.Claims.NextAsync()).Except.ShouldBe(["m-1"]);
        await worker.Time.TimerRunsAsync(DispatcherFixture.LongestSleep);

        await _store.Pauses.ResumeAsync("m-1");
        worker.Time.Advance(DispatcherFixture.LongestSleep);
        (await worker.Store.Claims.NextAsync()).Except.ShouldBeNull();
    }

    private Task<IReadOnlyList<RoutingPause>> ListAsync() => _store.Pauses.ListAsync(CancellationToken.None);
}
