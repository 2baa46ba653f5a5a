using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Features.ProcessEvent;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;
using Gateway.EventsGateway.Sources;
using Gateway.EventsGateway.Tests.Monitoring;
using Gateway.EventsGateway.Tests.Routing;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Gateway.TestSupport;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Tests.Features.ProcessEvent;

public sealed class ProcessEventHandlerTests : IAsyncLifetime
{
    private readonly SteppedTime _time = new();
    private readonly StubStore _store = new();
    private readonly StubShipments _shipments = new();
    private readonly WorkSignal _work;
    private readonly RoutingFixture _routing;
    private readonly GroupCommit<AttemptOutcome, bool> _group;
    private readonly GroupCommit<EventEntity, ShipmentEntity> _shipmentUpdates;
    private readonly CallSlots _slots;
    private readonly ProcessEventHandler _handler;
    private readonly ClaimedEvent _claimed;

    public ProcessEventHandlerTests()
    {
        var options = Options.Create(new ProcessingOptions());
        _work = new WorkSignal(_time);
        _routing = new RoutingFixture(_time);
        _group = new GroupCommit<AttemptOutcome, bool>(_store.SaveOutcomesAsync, _ => 0, new GroupCommitOptions(), _time);
        _shipmentUpdates = new GroupCommit<EventEntity, ShipmentEntity>(
            events => _shipments.ApplyAsync(events, TimeSpan.FromDays(60)), _ => 0,
            new GroupCommitOptions { Committers = 1, Deadline = Timeout.InfiniteTimeSpan }, _time);
        _slots = new CallSlots(
            _routing.Target, _routing.Pace, _work, options, Options.Create(new RoutingOptions()), _time);
        _handler = new ProcessEventHandler(
            _shipmentUpdates, new RoutingDecisionPolicy(options), _routing.Client,
            new AttemptOutcomePolicy(new RetrySchedule(options), new DeadlinePolicy(options), MemoryPauses.None),
            new ContainerMapping(new CurrentSources(SourceTable.Empty), _store, null!, _time), new RecentCalls(), _slots,
            new OutcomeWriter(_group, _work, NullTelemetry.Worker(_time), _time), NullTelemetry.Worker(_time), _time);
        _claimed = StubStore.Claimed("1", _time.GetUtcNow());
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _shipmentUpdates.DisposeAsync();
        await _group.DisposeAsync();
        _slots.Dispose();
    }

    [Fact]
    [Trait("Defect", "B7")]
    public async Task Routed_event_is_completed_with_its_route_under_its_claim()
    {
        var outcome = await OutcomeAsync();

        (outcome.Kind, outcome.RouteId, outcome.IsCounted).ShouldBe((AttemptOutcomeKind.Completed, "R123", false));
        (outcome.Key, outcome.Token).ShouldBe((_claimed.Event.Key, _claimed.Token));
        _shipments.Applied.ShouldBe([_claimed.Event]);
    }

    [Theory]
    [Trait("Defect", "B10")]
    [InlineData(1, AttemptOutcomeKind.Completed, EventOutcome.Late)]
    [InlineData(0, AttemptOutcomeKind.Completed, EventOutcome.Late)]
    [InlineData(-1, AttemptOutcomeKind.Failed, FailureReasonText.ShipmentEnded)]
    public async Task Service_is_not_called_for_an_ended_shipment(int minutes, object end, string kind)
    {
        var ended = _claimed.Event with
        {
            Key = new EventKey("dhl", "end"), Type = EventType.Delivered,
            OccurredAt = _claimed.Event.OccurredAt.AddMinutes(minutes),
        };
        _shipments.State = StubShipments.Active with
        {
            Status = ShipmentStatus.Completed, End = ShipmentEntity.PositionOf(ended),
            EndReceivedAt = _claimed.Event.ReceivedAt.AddMilliseconds(-1),
        };

        var outcome = await OutcomeAsync();

        (outcome.Kind, outcome.Outcome, outcome.IsCounted).ShouldBe(((AttemptOutcomeKind)end, kind, false));
        _routing.Http.Calls.ShouldBeEmpty();
    }

    /// <summary>Its time may come before the dispatcher would wake.</summary>
    [Fact]
    public async Task Event_that_is_due_again_is_work_and_a_processed_one_is_not()
    {
        await OutcomeAsync();
        (await _work.WaitAsync(TimeSpan.FromSeconds(1), CancellationToken.None).WaitAsync(SteppedTime.Timeout)).ShouldBeFalse();

        await _routing.OpenCircuitAsync();
        await OutcomeAsync();

        (await _work.WaitAsync(TimeSpan.FromSeconds(1), CancellationToken.None).WaitAsync(SteppedTime.Timeout)).ShouldBeTrue();
    }

    [Fact]
    public async Task Store_fault_releases_the_event()
    {
        _shipments.OnApply = _ => Task.FromException(new BackendUnavailableException("sqlite", "disk full"));

        var outcome = await OutcomeAsync();

        (outcome.Kind, outcome.Wait, outcome.IsCounted, outcome.Record)
            .ShouldBe((AttemptOutcomeKind.Released, TimeSpan.FromSeconds(1), false, null));
        _routing.Http.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Open_circuit_releases_the_event_for_the_rest_of_the_break_and_a_random_minute()
    {
        await _routing.OpenCircuitAsync();
        _time.Advance(TimeSpan.FromSeconds(1));

        var outcome = await OutcomeAsync();

        (outcome.Kind, outcome.IsCounted, outcome.IsCall).ShouldBe((AttemptOutcomeKind.Released, false, false));
        outcome.Wait.ShouldBeInRange(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(64));
    }

    [Fact]
    [Trait("Defect", "R16")]
    public async Task Call_that_a_stop_cuts_off_is_abandoned_and_not_counted()
    {
        using var stop = new CancellationTokenSource();
        _routing.Http.Answer = async token =>
        {
            await stop.CancelAsync();
            return await ScriptedHttp.Silence(token);
        };

        var outcome = await OutcomeAsync(stop.Token);

        (outcome.Kind, outcome.IsCounted).ShouldBe((AttemptOutcomeKind.Abandoned, false));
        outcome.Record.ShouldNotBeNull().Result.ShouldBe(AttemptResult.Abandoned);
    }

    [Fact]
    [Trait("Defect", "R16")]
    public async Task Connection_lost_during_a_stop_is_not_counted()
    {
        using var stop = new CancellationTokenSource();
        _routing.Http.Answer = async _ =>
        {
            await stop.CancelAsync();
            throw new HttpRequestException("reset");
        };

        (await OutcomeAsync(stop.Token)).ShouldSatisfyAllConditions(
            outcome => outcome.Kind.ShouldBe(AttemptOutcomeKind.Abandoned), outcome => outcome.IsCounted.ShouldBeFalse());
    }

    [Fact]
    public async Task Event_that_gets_no_call_in_time_is_released()
    {
        var slots = _slots.Count;
        for (var i = 0; i < slots; i++) await _slots.TryTakeAsync(CancellationToken.None);
        var wait = TimeSpan.FromSeconds(13);
        var handled = HandleAsync();
        await _time.TimerRunsAsync(wait);

        _time.Advance(wait);

        await handled;
        _store.Saved.Rest().ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            outcome => outcome.Kind.ShouldBe(AttemptOutcomeKind.Released), outcome => outcome.IsCall.ShouldBeFalse());
        for (var i = 0; i < slots; i++) _slots.Return();
        (await OutcomeAsync()).Kind.ShouldBe(AttemptOutcomeKind.Completed);
    }

    [Fact]
    public async Task Hanging_store_does_not_delay_a_stop()
    {
        using var stop = new CancellationTokenSource();
        var hangs = new TaskCompletionSource();
        _shipments.OnApply = _ => hangs.Task;
        var handled = HandleAsync(stop.Token);

        await stop.CancelAsync();

        await handled;
        (await _store.Saved.NextAsync()).Kind.ShouldBe(AttemptOutcomeKind.Abandoned);
        hangs.SetResult();
    }

    [Fact]
    public async Task Event_that_cannot_be_applied_does_not_affect_the_others_of_its_group()
    {
        var (groups, first) = (new Recorder<IReadOnlyList<EventEntity>>(), new TaskCompletionSource());
        ClaimedEvent[] claimed =
            [_claimed, StubStore.Claimed("poison", _time.GetUtcNow()), StubStore.Claimed("3", _time.GetUtcNow())];
        _shipments.OnApply = async group =>
        {
            groups.Add(group);
            await first.Task;
            if (group.Contains(claimed[1].Event)) throw new InvalidOperationException("poison");
        };
        var handled = new List<Task> { HandleAsync(claimed[0]) };
        await groups.NextAsync();
        handled.AddRange(claimed[1..].Select(one => HandleAsync(one)));

        first.SetResult();

        await handled[0];
        await handled[2];
        await Should.ThrowAsync<InvalidOperationException>(handled[1]);
        groups.Rest().Select(group => group.Count).ShouldBe([2, 1, 1]);
        _store.Saved.Rest().Select(outcome => outcome.Key)
            .ShouldBe([claimed[0].Event.Key, claimed[2].Event.Key], ignoreOrder: true);
    }

    [Fact]
    public async Task Outcome_of_a_lost_claim_is_not_saved_again()
    {
        _store.OnSave = outcomes => [.. outcomes.Select(_ => false)];

        await HandleAsync();

        _store.Saved.Rest().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Outcome_is_saved_again_until_the_store_accepts_it()
    {
        var faults = 2;
        _store.OnSave = outcomes
            => faults-- > 0 ? throw new BackendUnavailableException("sqlite", "busy") : [.. outcomes.Select(_ => true)];
        var handled = HandleAsync();
        for (var i = 0; i < 2; i++)
        {
            await _time.TimerRunsAsync(TimeSpan.FromSeconds(1));
            handled.IsCompleted.ShouldBeFalse();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await handled;

        _store.Saved.Rest().Select(outcome => outcome.RouteId).ShouldBe(["R123", "R123", "R123"]);
        _routing.Http.Calls.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Last_call_ends_the_repetitions()
    {
        using var drainEnded = new CancellationTokenSource();
        _store.OnSave = _ => throw new BackendUnavailableException("sqlite", "busy");
        var handled = _handler.Handle(new ProcessEventCommand(_claimed, drainEnded.Token), CancellationToken.None);
        await _time.TimerRunsAsync(TimeSpan.FromSeconds(1));

        await drainEnded.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(handled);
    }

    private Task HandleAsync(CancellationToken stop = default) => HandleAsync(_claimed, stop);

    private async Task HandleAsync(ClaimedEvent claimed, CancellationToken stop = default)
        => await _handler.Handle(new ProcessEventCommand(claimed, CancellationToken.None), stop);

    private async Task<AttemptOutcome> OutcomeAsync(CancellationToken stop = default)
    {
        await HandleAsync(stop);
        return _store.Saved.Rest().ShouldHaveSingleItem();
    }

    private sealed class StubShipments : IShipmentRepository
    {
        public static ShipmentEntity Active { get; } = new()
        {
            Key = new ShipmentKey("dhl", "s-1"), MerchantId = "m-1",
        };

        public ShipmentEntity State { get; set; } = Active;

        public Func<IReadOnlyList<EventEntity>, Task> OnApply { get; set; } = _ => Task.CompletedTask;

        public List<EventEntity> Applied { get; } = [];

        public async Task<IReadOnlyList<ShipmentEntity>> ApplyAsync(IReadOnlyList<EventEntity> events, TimeSpan newCycleAfter)
        {
            Applied.AddRange(events);
            await OnApply(events);
            return [.. events.Select(_ => State)];
        }

        public Task<ShipmentEntity?> FindAsync(ShipmentKey key, CancellationToken cancellationToken)
            => throw new NotSupportedException();

        public Task<ShipmentEntity?> ReopenAsync(ShipmentKey key) => throw new NotSupportedException();
    }
}
