using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Tests.Routing;
using Gateway.EventsGateway.Tests.Unit.ProcessEvent;
using Gateway.Shared.Errors;

namespace Gateway.EventsGateway.Tests.Features.ProcessEvent;

public sealed class EventsDispatcherTests : IAsyncLifetime
{
    private readonly DispatcherFixture _fixture = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task R1_B17_no_more_events_are_in_work_than_prefetch_and_each_end_makes_room()
    {
        _fixture.Store.OnClaim = request => _fixture.Batch(request.Limit);
        await _fixture.StartAsync();
        (await _fixture.Store.Claims.NextAsync()).ShouldBe(new ClaimRequest(3, ClaimOrder.Oldest, TimeSpan.FromSeconds(30)));
        var begun = await _fixture.BegunAsync(3);
        await _fixture.Time.TimerRunsAsync(DispatcherFixture.LongestSleep);
        _fixture.Store.Claims.Rest().ShouldBeEmpty();

        begun[1].End();

        (await _fixture.Store.Claims.NextAsync()).Limit.ShouldBe(1);
        await _fixture.BegunAsync(1);
        _fixture.InFlight.ShouldBe(3);
    }

    [Fact]
    public async Task An_attempt_that_broke_gives_its_place_back()
    {
        _fixture.Store.OnClaim = request => _fixture.Batch(request.Limit);
        await _fixture.StartAsync();
        await _fixture.Store.Claims.NextAsync();

        (await _fixture.BegunAsync(3))[0].Break();

        (await _fixture.Store.Claims.NextAsync()).Limit.ShouldBe(1);
    }

    [Fact]
    public async Task A_signal_wakes_it_for_new_work()
    {
        await _fixture.StartAsync();
        await _fixture.Store.Claims.NextAsync();
        await _fixture.Time.TimerRunsAsync(DispatcherFixture.LongestSleep);
        var batches = new Queue<ClaimedBatch>([_fixture.Batch(1)]);
        _fixture.Store.OnClaim = _ => batches.TryDequeue(out var batch) ? batch : StubStore.Nothing;

        _fixture.Work.Raise();

        (await _fixture.BegunAsync(1))[0].Id.ShouldBe("e-1");
    }

    [Fact]
    public async Task It_sleeps_until_the_next_event_is_due()
    {
        _fixture.Store.OnClaim = _ => StubStore.Nothing with { NextDueIn = TimeSpan.FromSeconds(4) };
        await _fixture.StartAsync();
        await _fixture.Store.Claims.NextAsync();
        await _fixture.Time.TimerRunsAsync(TimeSpan.FromSeconds(4));
        _fixture.Store.Claims.Rest().ShouldBeEmpty();

        _fixture.Time.Advance(TimeSpan.FromSeconds(4));

        await _fixture.Store.Claims.NextAsync();
    }

    [Fact]
    public async Task It_never_sleeps_longer_than_half_a_minute()
    {
        _fixture.Store.OnClaim = _ => StubStore.Nothing with { NextDueIn = TimeSpan.FromHours(1) };
        await _fixture.StartAsync();
        await _fixture.Store.Claims.NextAsync();
        await _fixture.Time.TimerRunsAsync(DispatcherFixture.LongestSleep);

        _fixture.Time.Advance(DispatcherFixture.LongestSleep);

        await _fixture.Store.Claims.NextAsync();
    }

    [Fact]
    public async Task A_fault_of_the_store_is_waited_out()
    {
        var faults = 1;
        _fixture.Store.OnClaim = _ => faults-- > 0 ? throw new BackendUnavailableException("sqlite", "busy") : StubStore.Nothing;
        await _fixture.StartAsync();
        await _fixture.Time.TimerRunsAsync(TimeSpan.FromSeconds(1));
        _fixture.Store.Claims.Rest().ShouldBeEmpty();

        _fixture.Time.Advance(TimeSpan.FromSeconds(1));

        await _fixture.Store.Claims.NextAsync();
    }

    [Fact]
    public async Task An_event_to_be_run_alone_has_nothing_beside_it()
    {
        var beside = new List<int>();
        var batches = new Queue<ClaimedBatch>([_fixture.Batch(2, isolatedDue: true), _fixture.Batch(1)]);
        _fixture.Store.OnClaim = _ =>
        {
            beside.Add(_fixture.InFlight);
            return batches.TryDequeue(out var batch) ? batch : StubStore.Nothing;
        };
        await _fixture.StartAsync();
        (await _fixture.Store.Claims.NextAsync()).Order.ShouldBe(ClaimOrder.Oldest);
        var begun = await _fixture.BegunAsync(2);

        begun[0].End();
        begun[1].End();

        (await _fixture.Store.Claims.NextAsync()).ShouldBe(new ClaimRequest(1, ClaimOrder.Isolated, TimeSpan.FromSeconds(30)));
        (await _fixture.BegunAsync(1))[0].End();
        (await _fixture.Store.Claims.NextAsync()).Order.ShouldBe(ClaimOrder.Oldest);
        beside.ShouldAllBe(others => others == 0);
    }

    [Fact]
    public async Task With_the_breaker_open_it_rests_and_then_probes_with_one_event()
    {
        await _fixture.Routing.OpenBreakerAsync();
        _fixture.Store.OnClaim = request => _fixture.Batch(request.Limit);
        await _fixture.StartAsync();
        await _fixture.Time.TimerRunsAsync(TimeSpan.FromSeconds(5));
        _fixture.Store.Claims.Rest().ShouldBeEmpty();

        _fixture.Time.Advance(TimeSpan.FromSeconds(5));

        (await _fixture.Store.Claims.NextAsync()).ShouldBe(new ClaimRequest(1, ClaimOrder.Oldest, TimeSpan.FromSeconds(30)));
        var probe = (await _fixture.BegunAsync(1))[0];
        _fixture.Store.Claims.Rest().ShouldBeEmpty();
        await _fixture.Routing.AskAsync(() => ScriptedHttp.Json("""{"routed":true}"""));
        probe.End();
        (await _fixture.Store.Claims.NextAsync()).ShouldBe(new ClaimRequest(3, ClaimOrder.Oldest, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task The_oldest_event_and_the_newest_probe_in_turn()
    {
        await _fixture.Routing.OpenBreakerAsync();
        _fixture.Store.OnClaim = _ => _fixture.Batch(1);
        _fixture.Time.Advance(TimeSpan.FromSeconds(5));
        await _fixture.StartAsync();

        foreach (var order in new[] { ClaimOrder.Oldest, ClaimOrder.Newest, ClaimOrder.Oldest })
        {
            (await _fixture.Store.Claims.NextAsync()).ShouldBe(new ClaimRequest(1, order, TimeSpan.FromSeconds(30)));
            (await _fixture.BegunAsync(1))[0].End();
        }
    }

    [Fact]
    public async Task With_the_breaker_open_an_event_to_be_run_alone_is_the_last_probe_left()
    {
        await _fixture.Routing.OpenBreakerAsync();
        _fixture.Store.OnClaim = request => request.Order == ClaimOrder.Isolated ? _fixture.Batch(1) : StubStore.Nothing with { IsolatedDue = true };
        _fixture.Time.Advance(TimeSpan.FromSeconds(5));

        await _fixture.StartAsync();

        (await _fixture.Store.Claims.NextAsync()).Order.ShouldBe(ClaimOrder.Oldest);
        (await _fixture.Store.Claims.NextAsync()).ShouldBe(new ClaimRequest(1, ClaimOrder.Isolated, TimeSpan.FromSeconds(30)));
        await _fixture.BegunAsync(1);
    }

    [Fact]
    public async Task Old_events_are_given_up_once_the_breaker_was_not_closed_for_that_long()
    {
        _fixture.Store.GiveUps.Enqueue([new EventKey("dhl", "1")]);
        await _fixture.Routing.OpenBreakerAsync();
        _fixture.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        await _fixture.StartAsync();
        await _fixture.Store.Claims.NextAsync();
        await _fixture.Time.TimerRunsAsync(DispatcherFixture.LongestSleep);
        _fixture.Store.GivenUpAfter.ShouldBeEmpty();

        _fixture.Time.Advance(DispatcherFixture.LongestSleep);

        await _fixture.Store.Claims.NextAsync();
        _fixture.Store.GivenUpAfter.ShouldBe([TimeSpan.FromHours(24), TimeSpan.FromHours(24)]);
    }

    [Fact]
    public async Task With_the_breaker_closed_nothing_is_given_up_however_old()
    {
        await _fixture.StartAsync();
        await _fixture.Store.Claims.NextAsync();
        await _fixture.Time.TimerRunsAsync(DispatcherFixture.LongestSleep);

        _fixture.Time.Advance(TimeSpan.FromDays(3));

        await _fixture.Store.Claims.NextAsync();
        _fixture.Store.GivenUpAfter.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_claimed_before_everything_has_started()
    {
        await _fixture.Dispatcher.StartingAsync(CancellationToken.None);
        await _fixture.Dispatcher.StartAsync(CancellationToken.None);

        _fixture.Dispatcher.IsAlive.ShouldBeFalse();
        _fixture.Store.Claims.Rest().ShouldBeEmpty();
    }
}
