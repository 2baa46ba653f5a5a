using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Features.ProcessEvent;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Tests.Routing;
using Gateway.Shared.Errors;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.ProcessEvent;

public sealed class EventsDispatcherTests : IAsyncLifetime
{
    private readonly DispatcherFixture _fixture = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    [Trait("Defect", "R1")]
    [Trait("Defect", "B17")]
    public async Task Events_in_work_never_exceed_prefetch_and_each_end_frees_a_slot()
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
    public async Task Attempt_with_an_unhandled_exception_frees_its_slot()
    {
        _fixture.Store.OnClaim = request => _fixture.Batch(request.Limit);
        await _fixture.StartAsync();
        await _fixture.Store.Claims.NextAsync();

        (await _fixture.BegunAsync(3))[0].Break();

        (await _fixture.Store.Claims.NextAsync()).Limit.ShouldBe(1);
    }

    [Fact]
    public async Task Signal_wakes_the_dispatcher()
    {
        await _fixture.StartAsync();
        await _fixture.Store.Claims.NextAsync();
        await _fixture.Time.TimerRunsAsync(DispatcherFixture.LongestSleep);
        var batches = new Queue<ClaimedBatch>([_fixture.Batch(1)]);
        _fixture.Store.OnClaim = _ => batches.TryDequeue(out var batch) ? batch : StubStore.Nothing;

        _fixture.Work.Raise();

        (await _fixture.BegunAsync(1))[0].Id.ShouldBe("e-1");
    }

    /// <summary>Otherwise most looks of a worker that keeps up find nothing.</summary>
    [Fact]
    public async Task Attempt_that_ends_is_no_reason_to_look_while_all_that_was_due_is_claimed()
    {
        var batches = new Queue<ClaimedBatch>([_fixture.Batch(2)]);
        _fixture.Store.OnClaim = _ => batches.TryDequeue(out var batch) ? batch : StubStore.Nothing;
        await _fixture.StartAsync();
        await _fixture.Store.Claims.NextAsync();
        var begun = await _fixture.BegunAsync(2);
        await _fixture.Time.TimerRunsAsync(TimeSpan.FromSeconds(0.5));

        foreach (var one in begun) one.End();
        await Until.TrueAsync(() => _fixture.InFlight == 0);

        _fixture.Store.Claims.Rest().ShouldBeEmpty();
        _fixture.Work.Raise();
        await _fixture.Store.Claims.NextAsync();
    }

    [Fact]
    public async Task Busy_worker_looks_every_half_second_for_what_others_have_stored()
    {
        var batches = new Queue<ClaimedBatch>([_fixture.Batch(1), StubStore.Nothing, _fixture.Batch(1)]);
        _fixture.Store.OnClaim = _ => batches.TryDequeue(out var batch) ? batch : StubStore.Nothing;
        await _fixture.StartAsync();
        await _fixture.BegunAsync(1);
        for (var look = 0; look < 2; look++)
        {
            await _fixture.Time.TimerRunsAsync(TimeSpan.FromSeconds(0.5));
            _fixture.Time.Advance(TimeSpan.FromSeconds(0.5));
        }

        await _fixture.BegunAsync(1);
    }

    [Fact]
    public async Task Dispatcher_sleeps_until_the_next_event_is_due()
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
    public async Task Dispatcher_never_sleeps_longer_than_the_poll_interval()
    {
        _fixture.Store.OnClaim = _ => StubStore.Nothing with { NextDueIn = TimeSpan.FromHours(1) };
        await _fixture.StartAsync();
        await _fixture.Store.Claims.NextAsync();
        await _fixture.Time.TimerRunsAsync(DispatcherFixture.LongestSleep);

        _fixture.Time.Advance(DispatcherFixture.LongestSleep);

        await _fixture.Store.Claims.NextAsync();
    }

    [Fact]
    public async Task Dispatcher_claims_again_after_a_store_fault()
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
    public async Task Isolated_event_runs_while_nothing_else_does()
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
        (await _fixture.Store.Claims.NextAsync()).Order.ShouldBe(ClaimOrder.Isolated);
        (await _fixture.Store.Claims.NextAsync()).Order.ShouldBe(ClaimOrder.Oldest);
        beside.ShouldAllBe(others => others == 0);
    }

    [Fact]
    public async Task Open_circuit_pauses_claims_and_then_probes_with_one_event()
    {
        await _fixture.Routing.OpenCircuitAsync();
        _fixture.Store.OnClaim = request => _fixture.Batch(request.Limit);
        await _fixture.StartAsync();
        await _fixture.Time.TimerRunsAsync(TimeSpan.FromSeconds(5));
        _fixture.Store.Claims.Rest().ShouldBeEmpty();

        _fixture.Time.Advance(TimeSpan.FromSeconds(5));

        var request = await _fixture.Store.Claims.NextAsync();
        (request.Limit, request.Order).ShouldBe((1, ClaimOrder.Random));
        request.Except.ShouldBe([RoutingFixture.ScopeOf("m-1")], "its own circuit is open too");
        var probe = (await _fixture.BegunAsync(1))[0];
        _fixture.Store.Claims.Rest().ShouldBeEmpty();
        await _fixture.Routing.AskAsync(() => ScriptedHttp.Json("""{"routed":true}"""));
        probe.End();
        (await _fixture.Store.Claims.NextAsync()).ShouldBe(new ClaimRequest(3, ClaimOrder.Oldest, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Every_second_probe_is_of_any_merchant()
    {
        await _fixture.Routing.OpenCircuitAsync();
        _fixture.Store.OnClaim = request => _fixture.Batch(request.Limit);
        await _fixture.StartAsync();
        var excepted = new List<IReadOnlyList<RoutingScope>?>();
        for (var probe = 0; probe < 4; probe++)
        {
            await _fixture.Time.TimerRunsAsync(TimeSpan.FromSeconds(5));
            _fixture.Time.Advance(TimeSpan.FromSeconds(5));
            excepted.Add((await _fixture.Store.Claims.NextAsync()).Except);
            var begun = (await _fixture.BegunAsync(1))[0];
            await _fixture.Routing.AskAsync(() => ScriptedHttp.Json("""{"routed":false}"""));
            begun.End();
        }

        excepted.Select(scopes => scopes is null).ShouldBe([false, true, false, true]);
    }

    [Fact]
    public async Task Event_of_a_merchant_in_trouble_probes_where_no_other_is_due()
    {
        await _fixture.Routing.OpenCircuitAsync();
        _fixture.Store.OnClaim = request => request.Except is null ? _fixture.Batch(1) : StubStore.Nothing;
        _fixture.Time.Advance(TimeSpan.FromSeconds(5));

        await _fixture.StartAsync();

        (await _fixture.Store.Claims.NextAsync()).Except.ShouldBe([RoutingFixture.ScopeOf("m-1")]);
        (await _fixture.Store.Claims.NextAsync()).ShouldBe(new ClaimRequest(1, ClaimOrder.Random, TimeSpan.FromSeconds(30)));
        await _fixture.BegunAsync(1);
    }

    [Fact]
    public async Task Isolated_event_probes_where_no_other_is_due()
    {
        await _fixture.Routing.OpenCircuitAsync();
        _fixture.Store.OnClaim = request
            => request.Order == ClaimOrder.Isolated ? _fixture.Batch(1) : StubStore.Nothing with { IsolatedDue = true };
        _fixture.Time.Advance(TimeSpan.FromSeconds(5));

        await _fixture.StartAsync();

        (await _fixture.BegunAsync(1)).ShouldHaveSingleItem();
        _fixture.Store.Claims.Rest().Select(request => request.Order)
            .ShouldBe([ClaimOrder.Random, ClaimOrder.Random, ClaimOrder.Isolated]);
    }

    [Fact]
    public async Task Isolated_events_run_in_a_row_for_10_seconds_and_other_work_four_times_as_long()
    {
        var others = 1;
        _fixture.Store.OnClaim = request => request.Order == ClaimOrder.Isolated
            ? _fixture.Batch(1)
            : _fixture.Batch(Interlocked.Exchange(ref others, 0), isolatedDue: true);
        await _fixture.StartAsync();
        // The wait for the call in flight does not count: the window would end before an isolated event has run.
        await EndNextAsync(after: 20);
        await EndNextAsync(after: 5, isIsolated: true);
        Volatile.Write(ref others, 1);
        await EndNextAsync(after: 5, isIsolated: true);

        var held = (await _fixture.BegunAsync(1))[0];
        _fixture.Time.Advance(TimeSpan.FromSeconds(119));
        for (var i = 0; i < 2; i++)
        {
            _fixture.Store.Claims.Rest();
            _fixture.Work.Raise();
            (await _fixture.Store.Claims.NextAsync()).Order.ShouldBe(ClaimOrder.Oldest, "30 s of isolation, 120 s of other work");
        }

        _fixture.Dispatcher.IsQuiet.ShouldBeFalse();
        _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        _fixture.Work.Raise();
        await Until.TrueAsync(() => _fixture.Dispatcher.IsQuiet);
        held.End();
        await EndNextAsync(after: 1, isIsolated: true);

        async Task EndNextAsync(int after, bool isIsolated = false)
        {
            var one = (await _fixture.BegunAsync(1))[0];
            if (isIsolated) (_fixture.Dispatcher.IsQuiet, _fixture.InFlight).ShouldBe((true, 1));
            _fixture.Time.Advance(TimeSpan.FromSeconds(after));
            one.End();
        }
    }

    [Fact]
    public async Task Isolated_events_stop_within_the_poll_interval_after_a_pause()
    {
        var interval = TimeSpan.FromSeconds(2);
        await using var fixture = new DispatcherFixture(processing => processing.PollInterval = interval);
        fixture.Store.OnClaim = request => request.Order == ClaimOrder.Isolated
            ? fixture.Batch(1)
            : StubStore.Nothing with { IsolatedDue = true };
        await fixture.StartAsync();
        var first = (await fixture.BegunAsync(1))[0];

        await fixture.Pauses.PauseAsync(RoutingScope.All, "mira");
        fixture.Time.Advance(interval);
        first.End();

        await fixture.Time.TimerRunsAsync(interval);
        fixture.Begun.Rest().ShouldBeEmpty();
    }

    [Fact]
    public async Task Isolated_event_does_not_probe_where_routing_was_paused_while_it_waited()
    {
        var (interval, rest) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
        await using var fixture = new DispatcherFixture(processing => processing.PollInterval = interval);
        var work = new Queue<ClaimedBatch>([fixture.Batch(1)]);
        fixture.Store.OnClaim = request => request.Order == ClaimOrder.Isolated ? fixture.Batch(1)
            : work.TryDequeue(out var batch) ? batch : StubStore.Nothing with { IsolatedDue = true };
        await fixture.StartAsync();
        var first = (await fixture.BegunAsync(1))[0];
        await fixture.Routing.OpenCircuitAsync();
        await fixture.Time.TimerRunsAsync(TimeSpan.FromSeconds(0.5));
        fixture.Time.Advance(interval);
        await fixture.Time.TimerRunsAsync(rest);
        fixture.Time.Advance(rest);
        await fixture.Time.TimerRunsAsync(new ProcessingOptions().AttemptTimeout);

        await fixture.Pauses.PauseAsync(RoutingScope.All, "mira");
        fixture.Time.Advance(interval);
        first.End();

        await fixture.Time.TimerRunsAsync(interval);
        fixture.Begun.Rest().ShouldBeEmpty();
    }

    [Fact]
    public async Task Isolated_events_run_one_at_a_time_while_no_other_work_is_due()
    {
        _fixture.Store.OnClaim = request => request.Order == ClaimOrder.Isolated
            ? _fixture.Batch(1)
            : StubStore.Nothing with { IsolatedDue = true };
        await _fixture.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            (await _fixture.Store.Claims.NextAsync()).Order.ShouldBe(ClaimOrder.Oldest);
            (await _fixture.Store.Claims.NextAsync()).Order.ShouldBe(ClaimOrder.Isolated);
            var one = (await _fixture.BegunAsync(1))[0];
            _fixture.Time.Advance(TimeSpan.FromSeconds(5));
            one.End();
        }
    }

    [Fact]
    public async Task Isolated_event_that_another_worker_has_claimed_does_not_keep_a_probing_dispatcher_busy()
    {
        await _fixture.Routing.OpenCircuitAsync();
        _fixture.Time.Advance(TimeSpan.FromSeconds(5));
        _fixture.Store.OnClaim = request
            => StubStore.Nothing with { IsolatedDue = request.Order != ClaimOrder.Isolated };
        await _fixture.StartAsync();

        await _fixture.Time.TimerRunsAsync(DispatcherFixture.LongestSleep);
    }

    [Fact]
    public async Task Events_of_an_open_merchant_are_released_and_the_next_claims_leave_it_out()
    {
        await OpenMerchantAsync("sick");
        var batches = new Queue<ClaimedBatch>([StubStore.Nothing with
        {
            Events = [.. new[] { "sick", "sick", "healthy" }.Select((merchant, i)
                => StubStore.Claimed($"e-{i}", _fixture.Time.GetUtcNow(), merchant))],
        }]);
        _fixture.Store.OnClaim = _ => batches.TryDequeue(out var batch) ? batch : StubStore.Nothing;

        await _fixture.StartAsync();

        (await _fixture.BegunAsync(1))[0].Id.ShouldBe("e-2");
        for (var i = 0; i < 2; i++)
        {
            var released = await _fixture.Store.Saved.NextAsync();
            (released.Kind, released.IsCounted).ShouldBe((AttemptOutcomeKind.Released, false));
            released.Wait.ShouldBeInRange(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(65));
        }

        (await _fixture.Store.Claims.NextAsync()).Except.ShouldBeNull();
        (await _fixture.Store.Claims.NextAsync()).Except.ShouldBe([RoutingFixture.ScopeOf("sick")]);
        await _fixture.Time.TimerRunsAsync(TimeSpan.FromSeconds(5));
        _fixture.Time.Advance(TimeSpan.FromSeconds(5));
        (await _fixture.Store.Claims.NextAsync()).Except.ShouldBeNull("one of its events may probe");
    }

    [Fact]
    public async Task Merchant_in_trouble_at_one_source_is_called_for_another()
    {
        await OpenMerchantAsync("sick");
        var elsewhere = StubStore.Claimed("e-2", _fixture.Time.GetUtcNow(), "sick");
        elsewhere = elsewhere with { Event = elsewhere.Event with { Source = "easypost" } };
        var batches = new Queue<ClaimedBatch>([Sick(2) with { Events = [.. Sick(2).Events, elsewhere] }]);
        _fixture.Store.OnClaim = _ => batches.TryDequeue(out var batch) ? batch : StubStore.Nothing;

        await _fixture.StartAsync();

        (await _fixture.BegunAsync(1))[0].Id.ShouldBe("e-2");
        (await _fixture.Store.Claims.NextAsync()).Except.ShouldBeNull();
        (await _fixture.Store.Claims.NextAsync()).Except.ShouldBe([RoutingFixture.ScopeOf("sick")]);
    }

    [Fact]
    public async Task Claims_leave_out_open_circuits_and_pauses_by_one_list()
    {
        await OpenMerchantAsync("sick");
        var paused = new RoutingScope("easypost", null);
        await _fixture.Pauses.PauseAsync(paused, "mira");
        var batches = new Queue<ClaimedBatch>([Sick(3)]);
        _fixture.Store.OnClaim = _ => batches.TryDequeue(out var batch) ? batch : StubStore.Nothing;

        await _fixture.StartAsync();

        (await _fixture.Store.Claims.NextAsync()).Except.ShouldBe([paused]);
        (await _fixture.Store.Claims.NextAsync()).Except.ShouldBe([paused, RoutingFixture.ScopeOf("sick")]);
    }

    [Fact]
    public async Task One_event_of_a_half_open_merchant_probes()
    {
        await OpenMerchantAsync("sick");
        _fixture.Time.Advance(TimeSpan.FromSeconds(5));
        var batches = new Queue<ClaimedBatch>([Sick(3)]);
        _fixture.Store.OnClaim = _ => batches.TryDequeue(out var batch) ? batch : StubStore.Nothing;

        await _fixture.StartAsync();

        await _fixture.BegunAsync(1);
        for (var i = 0; i < 2; i++) (await _fixture.Store.Saved.NextAsync()).Kind.ShouldBe(AttemptOutcomeKind.Released);
        _fixture.InFlight.ShouldBe(1);
    }

    [Fact]
    public async Task Dispatcher_sleeps_while_a_probe_decides_on_the_only_merchant_with_due_events()
    {
        await OpenMerchantAsync("sick");
        _fixture.Time.Advance(TimeSpan.FromSeconds(5));
        _fixture.Routing.Http.Answer = ScriptedHttp.Silence;
        var probe = _fixture.Routing.AskAsync("sick");
        _fixture.Store.OnClaim = request => request.Except is null ? Sick(request.Limit) : StubStore.Nothing;

        await _fixture.StartAsync();

        await _fixture.Time.TimerRunsAsync(DispatcherFixture.LongestSleep);
        _fixture.Store.Claims.Rest().Count.ShouldBe(2);
        _fixture.Time.Advance(TimeSpan.FromSeconds(10));
        await probe;
    }

    [Fact]
    public async Task Dispatcher_sleeps_where_only_events_of_a_limited_merchant_could_probe()
    {
        await _fixture.Routing.OpenCircuitAsync();
        _fixture.Time.Advance(TimeSpan.FromSeconds(5));
        await _fixture.Routing.AskAsync(() => ScriptedHttp.Status(429, "3600"));
        _fixture.Time.Advance(TimeSpan.FromSeconds(5));
        _fixture.Store.OnClaim = request => request.Except is null ? _fixture.Batch(1) : StubStore.Nothing;

        await _fixture.StartAsync();

        await _fixture.Time.TimerRunsAsync(DispatcherFixture.LongestSleep);
        _fixture.Store.Saved.Rest().ShouldHaveSingleItem().Kind.ShouldBe(AttemptOutcomeKind.Released);
    }

    [Fact]
    public async Task Events_of_more_than_50_open_merchants_are_postponed_in_the_store()
    {
        for (var i = 0; i < 51; i++) await OpenMerchantAsync($"sick-{i}");
        var batches = new Queue<ClaimedBatch>([StubStore.Nothing with
        {
            Events = [StubStore.Claimed("e-1", _fixture.Time.GetUtcNow(), "sick-1")],
        }]);
        _fixture.Store.OnClaim = _ => batches.TryDequeue(out var batch) ? batch : StubStore.Nothing;

        await _fixture.StartAsync();

        (await _fixture.Store.Postponed.NextAsync()).Count.ShouldBe(51);
        await _fixture.Store.Claims.NextAsync();
        _fixture.Work.Raise();
        (await _fixture.Store.Claims.NextAsync()).Except.ShouldBeNull();
    }

    [Fact]
    public async Task Claims_follow_the_concurrency_of_the_moment()
    {
        await using var fixture = new DispatcherFixture(processing => processing.Prefetch = 8);
        fixture.Runner.FreeSlots.ShouldBe(8);
        fixture.Routing.Pace.Halve();

        await fixture.StartAsync();

        (await fixture.Store.Claims.NextAsync()).Limit.ShouldBe(4);
    }

    [Fact]
    public async Task Calls_per_second_limit_the_claims()
    {
        await using var fixture = new DispatcherFixture(
            processing => processing.Prefetch = 50, routing => routing.MaxCallsPerSecond = 4);
        fixture.Store.OnClaim = request => fixture.Batch(request.Limit);
        await fixture.StartAsync();
        (await fixture.Store.Claims.NextAsync()).Limit.ShouldBe(4);
        await fixture.Time.TimerRunsAsync(TimeSpan.FromMilliseconds(251));
        fixture.Store.Claims.Rest().ShouldBeEmpty();

        fixture.Time.Advance(TimeSpan.FromMilliseconds(251));

        (await fixture.Store.Claims.NextAsync()).Limit.ShouldBe(1);
    }

    [Fact]
    public async Task Overdue_events_fail_once_the_circuit_was_probed_that_long()
    {
        _fixture.Store.OverdueKeys.Enqueue([new FailedEvent(new EventKey("dhl", "1"), CanonicalEvent.BuiltInSource)]);
        await _fixture.Routing.OpenCircuitAsync();
        _fixture.Time.Advance(TimeSpan.FromHours(24));
        await _fixture.StartAsync();
        await _fixture.Store.Claims.NextAsync();
        await _fixture.Time.TimerRunsAsync(DispatcherFixture.LongestSleep);
        _fixture.Store.OverdueAfter.ShouldBeEmpty("nothing has probed it yet");
        await _fixture.Routing.AskAsync(() => ScriptedHttp.Status(500), "m-2");

        _fixture.Time.Advance(DispatcherFixture.LongestSleep);

        await TestSupport.Until.TrueAsync(() => _fixture.Store.OverdueAfter.Count == 2);
        _fixture.Store.OverdueAfter.ShouldBe([TimeSpan.FromHours(24), TimeSpan.FromHours(24)]);
    }

    [Fact]
    public async Task Time_of_a_pause_is_no_time_of_probes()
    {
        await _fixture.Routing.OpenCircuitAsync();
        await _fixture.Pauses.PauseAsync(RoutingScope.All, "mira");
        _fixture.Time.Advance(TimeSpan.FromHours(24));
        await _fixture.Pauses.ResumeAsync(RoutingScope.All);
        await _fixture.Routing.AskAsync(() => ScriptedHttp.Status(500), "m-2");

        await _fixture.StartAsync();

        await _fixture.Time.TimerRunsAsync(TimeSpan.FromSeconds(5));
        _fixture.Store.OverdueAfter.ShouldBeEmpty("one probe has failed, after the pause");
    }

    [Fact]
    public async Task Overdue_events_do_not_fail_while_the_circuit_is_closed()
    {
        await _fixture.StartAsync();
        await _fixture.Store.Claims.NextAsync();
        await _fixture.Time.TimerRunsAsync(DispatcherFixture.LongestSleep);

        _fixture.Time.Advance(TimeSpan.FromDays(3));

        await _fixture.Store.Claims.NextAsync();
        _fixture.Store.OverdueAfter.ShouldBeEmpty();
    }

    [Fact]
    public async Task Dispatcher_claims_nothing_before_everything_has_started()
    {
        await _fixture.Dispatcher.StartingAsync(CancellationToken.None);
        await _fixture.Dispatcher.StartAsync(CancellationToken.None);

        _fixture.Dispatcher.IsAlive.ShouldBeFalse();
        _fixture.Store.Claims.Rest().ShouldBeEmpty();
    }

    private ClaimedBatch Sick(int events) => StubStore.Nothing with
    {
        Events = [.. Enumerable.Range(0, events).Select(i => StubStore.Claimed($"e-{i}", _fixture.Time.GetUtcNow(), "sick"))],
    };

    private async Task OpenMerchantAsync(string merchant)
    {
        for (var i = 0; i < 10; i++)
        {
            await _fixture.Routing.AskAsync(() => ScriptedHttp.Status(500), merchant);
            await _fixture.Routing.AskAsync(() => ScriptedHttp.Json("""{"routed":true}"""), "healthy");
        }
    }
}
