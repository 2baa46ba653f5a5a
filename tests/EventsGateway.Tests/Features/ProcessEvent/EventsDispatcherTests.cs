using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Tests.Routing;
using Gateway.Shared.Errors;

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
        (await _fixture.Store.Claims.NextAsync()).Order.ShouldBe(ClaimOrder.Oldest);
        beside.ShouldAllBe(others => others == 0);
    }

    [Fact]
    public async Task Open_circuit_pauses_claims_and_then_probes_with_one_event()
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
    public async Task Oldest_and_newest_event_probe_in_turn()
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
    public async Task Isolated_event_probes_where_no_other_is_due()
    {
        await _fixture.Routing.OpenBreakerAsync();
        _fixture.Store.OnClaim = request
            => request.Order == ClaimOrder.Isolated ? _fixture.Batch(1) : StubStore.Nothing with { IsolatedDue = true };
        _fixture.Time.Advance(TimeSpan.FromSeconds(5));

        await _fixture.StartAsync();

        (await _fixture.Store.Claims.NextAsync()).Order.ShouldBe(ClaimOrder.Oldest);
        (await _fixture.Store.Claims.NextAsync()).ShouldBe(new ClaimRequest(1, ClaimOrder.Isolated, TimeSpan.FromSeconds(30)));
        await _fixture.BegunAsync(1);
    }

    [Fact]
    public async Task Overdue_events_fail_once_the_circuit_was_open_that_long()
    {
        _fixture.Store.OverdueKeys.Enqueue([new EventKey("dhl", "1")]);
        await _fixture.Routing.OpenBreakerAsync();
        _fixture.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        await _fixture.StartAsync();
        await _fixture.Store.Claims.NextAsync();
        await _fixture.Time.TimerRunsAsync(DispatcherFixture.LongestSleep);
        _fixture.Store.OverdueAfter.ShouldBeEmpty();

        _fixture.Time.Advance(DispatcherFixture.LongestSleep);

        await _fixture.Store.Claims.NextAsync();
        _fixture.Store.OverdueAfter.ShouldBe([TimeSpan.FromHours(24), TimeSpan.FromHours(24)]);
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
}
