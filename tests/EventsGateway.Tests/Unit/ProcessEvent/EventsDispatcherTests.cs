using Gateway.EventsGateway.Events;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;

namespace Gateway.EventsGateway.Tests.Unit.ProcessEvent;

public sealed class EventsDispatcherTests : IAsyncLifetime
{
    private readonly DispatcherBench _bench = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task R1_B17_no_more_events_are_in_work_than_prefetch_and_each_end_makes_room()
    {
        _bench.Store.OnClaim = request => _bench.Batch(request.Limit);
        await _bench.StartAsync();
        (await _bench.Store.Claims.NextAsync()).ShouldBe(new ClaimRequest(3, ClaimOrder.Oldest, TimeSpan.FromSeconds(30)));
        var begun = await _bench.BegunAsync(3);
        await _bench.Time.TimerRunsAsync(DispatcherBench.LongestSleep);
        _bench.Store.Claims.Rest().ShouldBeEmpty();

        begun[1].End();

        (await _bench.Store.Claims.NextAsync()).Limit.ShouldBe(1);
        await _bench.BegunAsync(1);
        _bench.InFlight.ShouldBe(3);
    }

    [Fact]
    public async Task An_attempt_that_broke_gives_its_place_back()
    {
        _bench.Store.OnClaim = request => _bench.Batch(request.Limit);
        await _bench.StartAsync();
        await _bench.Store.Claims.NextAsync();

        (await _bench.BegunAsync(3))[0].Break();

        (await _bench.Store.Claims.NextAsync()).Limit.ShouldBe(1);
    }

    [Fact]
    public async Task A_signal_wakes_it_for_new_work()
    {
        await _bench.StartAsync();
        await _bench.Store.Claims.NextAsync();
        await _bench.Time.TimerRunsAsync(DispatcherBench.LongestSleep);
        var batches = new Queue<ClaimedBatch>([_bench.Batch(1)]);
        _bench.Store.OnClaim = _ => batches.TryDequeue(out var batch) ? batch : StubStore.Nothing;

        _bench.Work.Raise();

        (await _bench.BegunAsync(1))[0].Id.ShouldBe("e-1");
    }

    [Fact]
    public async Task It_sleeps_until_the_next_event_is_due()
    {
        _bench.Store.OnClaim = _ => StubStore.Nothing with { NextDueIn = TimeSpan.FromSeconds(4) };
        await _bench.StartAsync();
        await _bench.Store.Claims.NextAsync();
        await _bench.Time.TimerRunsAsync(TimeSpan.FromSeconds(4));
        _bench.Store.Claims.Rest().ShouldBeEmpty();

        _bench.Time.Advance(TimeSpan.FromSeconds(4));

        await _bench.Store.Claims.NextAsync();
    }

    [Fact]
    public async Task It_never_sleeps_longer_than_half_a_minute()
    {
        _bench.Store.OnClaim = _ => StubStore.Nothing with { NextDueIn = TimeSpan.FromHours(1) };
        await _bench.StartAsync();
        await _bench.Store.Claims.NextAsync();
        await _bench.Time.TimerRunsAsync(DispatcherBench.LongestSleep);

        _bench.Time.Advance(DispatcherBench.LongestSleep);

        await _bench.Store.Claims.NextAsync();
    }

    [Fact]
    public async Task A_fault_of_the_store_is_waited_out()
    {
        var faults = 1;
        _bench.Store.OnClaim = _ => faults-- > 0 ? throw new EngineFaultException("sqlite", "busy") : StubStore.Nothing;
        await _bench.StartAsync();
        await _bench.Time.TimerRunsAsync(TimeSpan.FromSeconds(1));
        _bench.Store.Claims.Rest().ShouldBeEmpty();

        _bench.Time.Advance(TimeSpan.FromSeconds(1));

        await _bench.Store.Claims.NextAsync();
    }

    [Fact]
    public async Task An_event_to_be_run_alone_has_nothing_beside_it()
    {
        var beside = new List<int>();
        var batches = new Queue<ClaimedBatch>([_bench.Batch(2, aloneDue: true), _bench.Batch(1)]);
        _bench.Store.OnClaim = _ =>
        {
            beside.Add(_bench.InFlight);
            return batches.TryDequeue(out var batch) ? batch : StubStore.Nothing;
        };
        await _bench.StartAsync();
        (await _bench.Store.Claims.NextAsync()).Order.ShouldBe(ClaimOrder.Oldest);
        var begun = await _bench.BegunAsync(2);

        begun[0].End();
        begun[1].End();

        (await _bench.Store.Claims.NextAsync()).ShouldBe(new ClaimRequest(1, ClaimOrder.Alone, TimeSpan.FromSeconds(30)));
        (await _bench.BegunAsync(1))[0].End();
        (await _bench.Store.Claims.NextAsync()).Order.ShouldBe(ClaimOrder.Oldest);
        beside.ShouldAllBe(others => others == 0);
    }

    [Fact]
    public async Task With_the_breaker_open_it_rests_and_then_probes_with_one_event()
    {
        await _bench.Routing.OpenBreakerAsync();
        _bench.Store.OnClaim = request => _bench.Batch(request.Limit);
        await _bench.StartAsync();
        await _bench.Time.TimerRunsAsync(TimeSpan.FromSeconds(5));
        _bench.Store.Claims.Rest().ShouldBeEmpty();

        _bench.Time.Advance(TimeSpan.FromSeconds(5));

        (await _bench.Store.Claims.NextAsync()).ShouldBe(new ClaimRequest(1, ClaimOrder.Oldest, TimeSpan.FromSeconds(30)));
        var probe = (await _bench.BegunAsync(1))[0];
        _bench.Store.Claims.Rest().ShouldBeEmpty();
        await _bench.Routing.AskAsync(() => ScriptedHttp.Json("""{"routed":true}"""));
        probe.End();
        (await _bench.Store.Claims.NextAsync()).ShouldBe(new ClaimRequest(3, ClaimOrder.Oldest, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task The_oldest_event_and_the_newest_probe_in_turn()
    {
        await _bench.Routing.OpenBreakerAsync();
        _bench.Store.OnClaim = _ => _bench.Batch(1);
        _bench.Time.Advance(TimeSpan.FromSeconds(5));
        await _bench.StartAsync();

        foreach (var order in new[] { ClaimOrder.Oldest, ClaimOrder.Newest, ClaimOrder.Oldest })
        {
            (await _bench.Store.Claims.NextAsync()).ShouldBe(new ClaimRequest(1, order, TimeSpan.FromSeconds(30)));
            (await _bench.BegunAsync(1))[0].End();
        }
    }

    [Fact]
    public async Task With_the_breaker_open_an_event_to_be_run_alone_is_the_last_probe_left()
    {
        await _bench.Routing.OpenBreakerAsync();
        _bench.Store.OnClaim = request => request.Order == ClaimOrder.Alone ? _bench.Batch(1) : StubStore.Nothing with { AloneDue = true };
        _bench.Time.Advance(TimeSpan.FromSeconds(5));

        await _bench.StartAsync();

        (await _bench.Store.Claims.NextAsync()).Order.ShouldBe(ClaimOrder.Oldest);
        (await _bench.Store.Claims.NextAsync()).ShouldBe(new ClaimRequest(1, ClaimOrder.Alone, TimeSpan.FromSeconds(30)));
        await _bench.BegunAsync(1);
    }

    [Fact]
    public async Task Old_events_are_given_up_once_the_breaker_was_not_closed_for_that_long()
    {
        _bench.Store.GiveUps.Enqueue([new EventKey("dhl", "1")]);
        await _bench.Routing.OpenBreakerAsync();
        _bench.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        await _bench.StartAsync();
        await _bench.Store.Claims.NextAsync();
        await _bench.Time.TimerRunsAsync(DispatcherBench.LongestSleep);
        _bench.Store.GivenUpAfter.ShouldBeEmpty();

        _bench.Time.Advance(DispatcherBench.LongestSleep);

        await _bench.Store.Claims.NextAsync();
        _bench.Store.GivenUpAfter.ShouldBe([TimeSpan.FromHours(24), TimeSpan.FromHours(24)]);
    }

    [Fact]
    public async Task With_the_breaker_closed_nothing_is_given_up_however_old()
    {
        await _bench.StartAsync();
        await _bench.Store.Claims.NextAsync();
        await _bench.Time.TimerRunsAsync(DispatcherBench.LongestSleep);

        _bench.Time.Advance(TimeSpan.FromDays(3));

        await _bench.Store.Claims.NextAsync();
        _bench.Store.GivenUpAfter.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_claimed_before_everything_has_started()
    {
        await _bench.Dispatcher.StartingAsync(CancellationToken.None);
        await _bench.Dispatcher.StartAsync(CancellationToken.None);

        _bench.Dispatcher.IsTurning.ShouldBeFalse();
        _bench.Store.Claims.Rest().ShouldBeEmpty();
    }
}
