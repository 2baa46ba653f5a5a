using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Features.ProcessEvent;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;
using Gateway.EventsGateway.Tests.Routing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.EventsGateway.Tests.Features.ProcessEvent;

public sealed class AttemptOutcomePolicyTests
{
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);

    private static readonly RoutingResponse Transient
        = new(ResponseClass.Transient, AttemptResult.TimedOut) { Error = "no answer", CircuitsWereClosed = true };

    private static readonly RoutingResponse Own
        = new(ResponseClass.Own, AttemptResult.PermanentStatus) { Error = "422", CircuitsWereClosed = true };

    private readonly FakeTimeProvider _time = new();
    private readonly AttemptOutcomePolicy _policy;

    public AttemptOutcomePolicyTests()
    {
        var options = Options.Create(new ProcessingOptions { RetryJitter = 0 });
        _policy = new AttemptOutcomePolicy(new RetrySchedule(options), new DeadlinePolicy(options), MemoryPauses.None);
    }

    [Fact]
    public void Routed_event_is_completed_even_during_a_stop()
    {
        foreach (var stopping in new[] { false, true })
        {
            var outcome = _policy.Decide(
                Attempt(), new RoutingResponse(ResponseClass.Routed, AttemptResult.Routed) { RouteId = "R" }, Healthy, stopping);

            (outcome.Kind, outcome.Outcome, outcome.RouteId, outcome.IsCall, outcome.IsCounted)
                .ShouldBe((AttemptOutcomeKind.Completed, EventOutcome.Routed, "R", true, false));
        }
    }

    [Theory]
    [Trait("Defect", "B30")]
    [InlineData(0)]
    [InlineData(7)]
    public void Answer_about_the_event_itself_is_final_at_once_while_others_are_routed(int triesBefore)
    {
        var outcome = Decide(e => e with { Tries = triesBefore }, Own, Healthy with { Routed = 0 });

        (outcome.Kind, outcome.Reason, outcome.Error, outcome.IsCall)
            .ShouldBe((AttemptOutcomeKind.Failed, FailureReason.RejectedByRouter, "422", true));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(null)]
    public void Answer_about_the_event_itself_is_final_after_4_calls_while_others_are_not_routed(bool? lastOther)
    {
        var known = Healthy with { LastOtherWasRouted = lastOther };
        for (var calls = 0; calls < 3; calls++)
        {
            var retry = Decide(e => e with { Tries = calls, AttemptsSpent = calls }, Own, known);
            (retry.Kind, retry.IsCounted).ShouldBe((AttemptOutcomeKind.RetryScheduled, true));
        }

        Decide(e => e with { Tries = 3, AttemptsSpent = 3 }, Own, known).Reason.ShouldBe(FailureReason.RejectedByRouter);
        Decide(e => e with { Tries = 3, AttemptsSpent = 3 }, Own with { CircuitsWereClosed = false }, known).Kind
            .ShouldBe(AttemptOutcomeKind.RetryScheduled, "a probe");
    }

    [Theory]
    [Trait("Defect", "B19")]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(5, 32)]
    [InlineData(6, 60)]
    [InlineData(5000, 60)]
    public void Waits_grow_with_all_calls_up_to_a_minute(int triesBefore, int seconds)
    {
        foreach (var known in new[] { Healthy, Unknown })
        {
            var outcome = Decide(e => Called(e, triesBefore), Transient, known);

            (outcome.Kind, outcome.Wait, outcome.IsCall, outcome.Error)
                .ShouldBe((AttemptOutcomeKind.RetryScheduled, TimeSpan.FromSeconds(seconds), true, "no answer"));
        }
    }

    [Fact]
    [Trait("Defect", "B17")]
    public void Event_that_alone_is_refused_ends_after_1_and_3_calls()
    {
        Decide(e => e, Transient, Healthy).IsCounted.ShouldBeFalse("the first call");
        for (var counted = 0; counted < 2; counted++)
            Decide(e => Called(e, counted + 1) with { AttemptsSpent = counted }, Transient, Healthy).IsCounted.ShouldBeTrue();

        var last = Decide(e => Called(e, 3) with { AttemptsSpent = 2 }, Transient, Healthy);

        (last.Kind, last.Reason, last.Error, last.IsCounted)
            .ShouldBe((AttemptOutcomeKind.Failed, FailureReason.RetriesExhausted, "no answer", true));
    }

    [Fact]
    public void Call_that_does_not_count_never_exhausts_the_retries()
    {
        var outcome = Decide(e => Called(e, 500) with { AttemptsSpent = 2 }, Transient, Unknown);

        (outcome.Kind, outcome.IsCounted).ShouldBe((AttemptOutcomeKind.RetryScheduled, false));
    }

    [Fact]
    public void Calls_in_a_row_that_did_not_count_and_ended_alike_share_one_line()
    {
        var startedAt = _time.GetUtcNow() - TimeSpan.FromSeconds(5);
        var before = new AttemptRecord(1, 2, startedAt, 7, AttemptResult.TimedOut, "no answer") { Probes = 41 };

        var outcome = Uncounted(before);

        outcome.Record.ShouldBe(before with { Probes = 42, LastStartedAt = _time.GetUtcNow(), DurationMs = 0 });
        outcome.ReplacesLast.ShouldBeTrue();
    }

    [Fact]
    public void Call_with_another_result_or_after_a_counted_one_has_its_own_line()
    {
        var same = new AttemptRecord(1, 1, _time.GetUtcNow(), 7, AttemptResult.TimedOut, "no answer") { Probes = 41 };
        AttemptRecord[] others =
        [
            same with { Probes = null }, same with { Error = "no answer within 3 s" },
            same with { Result = AttemptResult.ConnectionLost }, same with { Generation = 2 },
        ];

        foreach (var outcome in others.Select(Uncounted)) (outcome.ReplacesLast, outcome.Record!.Probes).ShouldBe((false, 1));
    }

    [Fact]
    public void Longer_retry_after_is_obeyed()
        => Decide(e => e, Transient with { RetryAfter = TimeSpan.FromMinutes(30) }, Healthy)
            .Wait.ShouldBe(TimeSpan.FromMinutes(30));

    [Fact]
    public void Event_fails_when_a_call_of_any_class_fails_after_the_deadline()
    {
        RoutingResponse later = new(ResponseClass.Later, AttemptResult.TransientStatus) { Error = "no answer" };
        foreach (var response in new[] { Transient, later, Own with { Error = "no answer" } })
        {
            var firstFailedAt = _time.GetUtcNow() - GiveUpAfter;
            Decide(e => e with { Tries = 1, FirstFailedAt = firstFailedAt.AddMilliseconds(1) }, response, Unknown).Kind
                .ShouldBe(AttemptOutcomeKind.RetryScheduled);

            var outcome = Decide(e => e with { Tries = 1, FirstFailedAt = firstFailedAt }, response, Unknown);

            (outcome.Kind, outcome.Reason).ShouldBe((AttemptOutcomeKind.Failed, FailureReason.DeadlineExceeded));
            outcome.Error.ShouldNotBeNull().ShouldContain("no answer");
        }
    }

    [Fact]
    public void Time_before_the_first_failed_call_does_not_count_for_the_deadline()
        => Decide(e => e with { RequeuedAt = _time.GetUtcNow() - 100 * GiveUpAfter }, Transient, Healthy).Kind
            .ShouldBe(AttemptOutcomeKind.RetryScheduled);

    [Theory]
    [InlineData(null, 1)]
    [InlineData(3, 3)]
    public void Attempt_without_a_call_is_released(int? retryAfter, int wait)
    {
        var result = new RoutingResponse(ResponseClass.NotCalled, Result: null)
        {
            RetryAfter = retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };

        var outcome = Decide(e => e with { AttemptsSpent = 3 }, result, Healthy);

        (outcome.Kind, outcome.Wait, outcome.IsCounted, outcome.Record)
            .ShouldBe((AttemptOutcomeKind.Released, TimeSpan.FromSeconds(wait), false, null));
    }

    [Fact]
    [Trait("Defect", "R16")]
    public void Call_that_the_stop_broke_is_abandoned_and_not_counted()
    {
        var lost = new RoutingResponse(ResponseClass.Transient, AttemptResult.ConnectionLost) { Error = "connection refused" };

        var outcome = _policy.Decide(Attempt(e => e with { AttemptsSpent = 2 }), lost, Healthy, cutOff: true);

        (outcome.Kind, outcome.Wait, outcome.IsCounted).ShouldBe((AttemptOutcomeKind.Abandoned, TimeSpan.FromSeconds(1), false));
        outcome.Record.ShouldNotBeNull().Result.ShouldBe(AttemptResult.Abandoned);
    }

    [Fact]
    public void Response_counts_also_during_a_stop()
        => _policy.Decide(Attempt(e => Called(e, 1)), Transient, Healthy, cutOff: true).IsCounted.ShouldBeTrue();

    [Fact]
    [Trait("Defect", "B21")]
    public void Event_after_the_end_of_its_shipment_fails_with_the_reason_and_is_not_counted()
    {
        var shipment = new ShipmentEntity
        {
            Key = new ShipmentKey("dhl", "s-1"), MerchantId = "m-1", Status = ShipmentStatus.Cancelled,
        };

        var outcome = AttemptOutcomePolicy.ShipmentEnded(Attempt(), shipment);

        (outcome.Kind, outcome.Reason, outcome.IsCounted)
            .ShouldBe((AttemptOutcomeKind.Failed, FailureReason.ShipmentEnded, false));
        outcome.Error.ShouldBe("shipment s-1 is CANCELLED since before");
    }

    [Fact]
    public void Late_event_is_completed_without_a_route_and_not_counted()
    {
        var outcome = AttemptOutcomePolicy.Late(Attempt());

        (outcome.Kind, outcome.Outcome, outcome.RouteId, outcome.IsCounted)
            .ShouldBe((AttemptOutcomeKind.Completed, EventOutcome.Late, null, false));
    }

    [Fact]
    public void History_line_has_generation_number_start_and_duration()
    {
        var attempt = Attempt(e => e with { Generation = 2, Tries = 1 });
        var began = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromMilliseconds(1234));

        _policy.Decide(attempt, Transient, Healthy, false).Record.ShouldBe(
            new AttemptRecord(Generation: 2, Number: 2, began, 1234, AttemptResult.TimedOut, "no answer") { Probes = 1 });
    }

    private CallKnowledge Healthy => new(_time.GetUtcNow(), Routed: 100, NotRouted: 1, LastOtherWasRouted: true);

    private static CallKnowledge Unknown => default;

    private EventEntity Called(EventEntity e, int tries) => e with
    {
        Tries = tries,
        Attempts = tries == 0 ? []
            : [new AttemptRecord(1, tries, _time.GetUtcNow().AddSeconds(-9), 7, AttemptResult.TransientStatus, "answered 500")],
    };

    private AttemptOutcome Uncounted(AttemptRecord before)
        => Decide(e => e with { Tries = 2, Attempts = [before] }, Transient, Unknown);

    private AttemptOutcome Decide(Func<EventEntity, EventEntity> with, RoutingResponse response, CallKnowledge known)
        => _policy.Decide(Attempt(with), response, known, cutOff: false);

    private Attempt Attempt(Func<EventEntity, EventEntity>? with = null)
    {
        var e = RoutingFixture.Event();
        return new Attempt(new ClaimedEvent(with?.Invoke(e) ?? e, Guid.NewGuid(), _time.GetUtcNow()), _time);
    }
}
