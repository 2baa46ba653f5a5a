using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Routing;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.EventsGateway.Tests.Routing;

public sealed class RoutingPausesTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly RoutingScope Merchant = new(null, "m-1");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 4, 0, 0, 0, TimeSpan.Zero));
    private readonly MemoryPauses _store;

    public RoutingPausesTests() => _store = new MemoryPauses(_time);

    [Fact]
    public async Task Time_of_a_pause_is_counted_once_although_a_pause_of_all_overlaps_one_of_the_merchant()
    {
        var pauses = new RoutingPauses(_store, _time);
        var failedAt = _time.GetUtcNow();
        _time.Advance(Hour);
        await _store.PauseAsync(Merchant, "mira");
        _time.Advance(Hour);
        await _store.PauseAsync(RoutingScope.All, "mira");
        _time.Advance(Hour);
        await _store.ResumeAsync(Merchant);
        _time.Advance(Hour);
        await pauses.RefreshAsync(TimeSpan.Zero, CancellationToken.None);

        pauses.PausedSince(failedAt, _time.GetUtcNow(), RoutingFixture.Event(merchant: "m-1")).ShouldBe(3 * Hour);
        pauses.PausedSince(failedAt, _time.GetUtcNow(), RoutingFixture.Event(merchant: "m-2")).ShouldBe(2 * Hour);
        pauses.PausedSince(_time.GetUtcNow() - Hour, _time.GetUtcNow(), RoutingFixture.Event(merchant: "m-1")).ShouldBe(Hour);
        pauses.PausedEver(_time.GetUtcNow()).ShouldBe(3 * Hour);
    }

    [Fact]
    public async Task Pause_of_a_source_is_the_time_of_its_events_alone()
    {
        var pauses = new RoutingPauses(_store, _time);
        await _store.PauseAsync(new RoutingScope("easypost", null), "mira");
        await _store.PauseAsync(new RoutingScope("ups", "m-2"), "mira");
        _time.Advance(Hour);
        await pauses.RefreshAsync(TimeSpan.Zero, CancellationToken.None);

        Paused("easypost", "m-1").ShouldBe(Hour);
        Paused(CanonicalEvent.BuiltInSource, "m-1").ShouldBe(TimeSpan.Zero);
        Paused("ups", "m-1").ShouldBe(TimeSpan.Zero);
        Paused("ups", "m-2").ShouldBe(Hour);
        pauses.IsAllPaused.ShouldBeFalse();

        TimeSpan Paused(string source, string merchant) => pauses.PausedSince(
            _time.GetUtcNow() - Hour, _time.GetUtcNow(), RoutingFixture.Event(merchant: merchant) with { Source = source });
    }

    [Fact]
    public async Task Pauses_are_read_again_after_their_age_and_the_end_of_one_is_noticed()
    {
        var pauses = new RoutingPauses(_store, _time);
        await pauses.RefreshAsync(Hour, CancellationToken.None);
        await _store.PauseAsync(RoutingScope.All, "mira");

        await pauses.RefreshAsync(Hour, CancellationToken.None);
        pauses.IsAllPaused.ShouldBeFalse();
        _time.Advance(Hour);
        await pauses.RefreshAsync(Hour, CancellationToken.None);
        pauses.IsAllPaused.ShouldBeTrue();
        pauses.SinceResumed.ShouldBe(TimeSpan.MaxValue);

        await _store.ResumeAsync(RoutingScope.All);
        await pauses.RefreshAsync(TimeSpan.Zero, CancellationToken.None);
        _time.Advance(Hour);
        (pauses.IsAny, pauses.SinceResumed).ShouldBe((false, Hour));
    }
}
