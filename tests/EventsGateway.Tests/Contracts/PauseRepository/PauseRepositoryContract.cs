using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Tests.Features.ProcessEvent;

namespace Gateway.EventsGateway.Tests.Contracts.PauseRepository;

public abstract class PauseRepositoryContract : IAsyncLifetime
{
    private static readonly RoutingScope Merchant = new(null, "m-1");

    private readonly StoreHarness _store;

    private protected PauseRepositoryContract(StoreHarness store) => _store = store;

    public ValueTask InitializeAsync() => _store.OpenAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Pause_survives_a_restart_and_a_second_one_of_its_scope_changes_nothing()
    {
        var began = _store.Time.GetUtcNow();
        (await _store.Pauses.PauseAsync(RoutingScope.All, "mira")).ShouldBeTrue();
        _store.Time.Advance(TimeSpan.FromMinutes(1));
        (await _store.Pauses.PauseAsync(RoutingScope.All, "noor")).ShouldBeFalse();
        (await _store.Pauses.PauseAsync(Merchant, "noor")).ShouldBeTrue();

        await _store.ReopenAsync();

        (await ListAsync()).ShouldBe(
            [
                new RoutingPause(RoutingScope.All, began, "mira", null),
                new RoutingPause(Merchant, _store.Time.GetUtcNow(), "noor", null),
            ]);
    }

    [Fact]
    public async Task Pauses_of_a_source_of_a_merchant_and_of_both_are_different_ones()
    {
        RoutingScope[] scopes = [Merchant, new("easypost", null), new("easypost", "m-1"), new("ups", "m-1")];
        foreach (var scope in scopes) (await _store.Pauses.PauseAsync(scope, "mira")).ShouldBeTrue();
        foreach (var scope in scopes) (await _store.Pauses.PauseAsync(scope, "mira")).ShouldBeFalse();

        (await _store.Pauses.ResumeAsync(scopes[1])).ShouldBeTrue();

        (await _store.Pauses.ResumeAsync(scopes[1])).ShouldBeFalse();
        (await ListAsync()).Where(pause => pause.IsCurrent).Select(pause => pause.Scope)
            .ShouldBe([scopes[0], scopes[2], scopes[3]], ignoreOrder: true);
    }

    [Fact]
    public async Task Ended_pause_is_kept_with_its_end_and_its_scope_can_be_paused_again()
    {
        await _store.Pauses.PauseAsync(Merchant, "mira");
        _store.Time.Advance(TimeSpan.FromMinutes(1));
        (await _store.Pauses.ResumeAsync(RoutingScope.All)).ShouldBeFalse();
        (await _store.Pauses.ResumeAsync(Merchant)).ShouldBeTrue();
        (await _store.Pauses.ResumeAsync(Merchant)).ShouldBeFalse();
        var ended = _store.Time.GetUtcNow();
        (await _store.Pauses.PauseAsync(Merchant, "noor")).ShouldBeTrue();

        (await ListAsync()).Select(pause => (pause.By, pause.ResumedAt)).ShouldBe([("mira", ended), ("noor", null)]);
    }

    [Fact]
    public async Task Ended_pause_is_removed_when_no_event_can_have_waited_since()
    {
        await _store.Pauses.PauseAsync(Merchant, "mira");
        await _store.Pauses.ResumeAsync(Merchant);
        _store.Time.Advance(RoutingPause.Kept);

        await _store.Pauses.ResumeAsync(Merchant);

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

        await _store.Pauses.PauseAsync(RoutingScope.All, "mira");
        worker.Time.Advance(DispatcherFixture.LongestSleep);
        await worker.Time.TimerRunsAsync(DispatcherFixture.LongestSleep);
        worker.Store.Claims.Rest().ShouldBeEmpty();

        await _store.Pauses.ResumeAsync(RoutingScope.All);
        worker.Time.Advance(DispatcherFixture.LongestSleep);
        await worker.Store.Claims.NextAsync();
    }

    [Fact]
    public async Task Worker_of_another_process_leaves_out_a_paused_merchant_and_a_paused_source_within_the_poll_interval()
    {
        await using var worker = new DispatcherFixture(pauses: _store.Pauses);
        await worker.StartAsync();
        (await worker.Store.Claims.NextAsync()).Except.ShouldBeNull();
        await worker.Time.TimerRunsAsync(DispatcherFixture.LongestSleep);

        await _store.Pauses.PauseAsync(Merchant, "mira");
        worker.Time.Advance(DispatcherFixture.LongestSleep);
        (await worker.Store.Claims.NextAsync()).Except.ShouldBe([Merchant]);
        await worker.Time.TimerRunsAsync(DispatcherFixture.LongestSleep);

        await _store.Pauses.ResumeAsync(Merchant);
        var source = new RoutingScope("easypost", null);
        await _store.Pauses.PauseAsync(source, "mira");
        worker.Time.Advance(DispatcherFixture.LongestSleep);
        (await worker.Store.Claims.NextAsync()).Except.ShouldBe([source]);
        await worker.Time.TimerRunsAsync(DispatcherFixture.LongestSleep);

        await _store.Pauses.ResumeAsync(source);
        worker.Time.Advance(DispatcherFixture.LongestSleep);
        (await worker.Store.Claims.NextAsync()).Except.ShouldBeNull();
    }

    private Task<IReadOnlyList<RoutingPause>> ListAsync() => _store.Pauses.ListAsync(CancellationToken.None);
}
