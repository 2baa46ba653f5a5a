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
        = new(ResponseClass.Transient, AttemptResult.TimedOut) { Error = "no answer" };

    private readonly FakeTimeProvider _time = new();
    private readonly AttemptOutcomePolicy _policy;

    public AttemptOutcomePolicyTests()
    {
        var options = Options.Create(new ProcessingOptions { RetryJitter = 0 });
        _policy = new AttemptOutcomePolicy(new RetrySchedule(options), new DeadlinePolicy(options));
    }

    [Fact]
    public void Routed_event_is_completed_even_during_a_stop()
    {
        foreach (var stopping in new[] { false, true })
        {
            var outcome = _policy.Decide(
                Attempt(), new RoutingResponse(ResponseClass.Routed, AttemptResult.Routed) { RouteId = "R" }, stopping);

            (outcome.Kind, outcome.Outcome, outcome.RouteId, outcome.IsCounted)
                .ShouldBe((AttemptOutcomeKind.Completed, EventOutcome.Routed, "R", true));
        }
    }

    [Fact]
    [Trait("Defect", "B30")]
    public void Permanent_status_fails_the_event_at_once()
    {
        var outcome = _policy.Decide(
            Attempt(), new RoutingResponse(ResponseClass.Own, AttemptResult.PermanentStatus) { Error = "404" }, false);

        (outcome.Kind, outcome.Reason, outcome.Error, outcome.IsCounted)
            .ShouldBe((AttemptOutcomeKind.Failed, FailureReason.RejectedByRouter, "404", true));
    }

    [Theory]
    [Trait("Defect", "B19")]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    public void Three_retries_come_after_1_2_and_4_seconds(int spentBefore, int seconds)
    {
        var outcome = _policy.Decide(Attempt(e => e with { AttemptsSpent = spentBefore }), Transient, false);

        (outcome.Kind, outcome.Wait, outcome.IsCounted)
            .ShouldBe((AttemptOutcomeKind.RetryScheduled, TimeSpan.FromSeconds(seconds), true));
        outcome.Error.ShouldBe("no answer");
    }

    [Fact]
    [Trait("Defect", "B17")]
    public void Fourth_attempt_is_the_last()
    {
        var outcome = _policy.Decide(Attempt(e => e with { AttemptsSpent = 3 }), Transient, false);

        (outcome.Kind, outcome.Reason, outcome.Error, outcome.IsCounted)
            .ShouldBe((AttemptOutcomeKind.Failed, FailureReason.RetriesExhausted, "no answer", true));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 8)]
    [InlineData(7, 128)]
    public void Failed_probe_is_not_counted_and_exhausts_no_retries(int spentBefore, int seconds)
    {
        var outcome = _policy.Decide(
            Attempt(e => e with { AttemptsSpent = spentBefore }), Transient with { IsFailedProbe = true }, false);

        (outcome.Kind, outcome.IsCounted, outcome.Error).ShouldBe((AttemptOutcomeKind.RetryScheduled, false, "no answer"));
        outcome.Wait.ShouldBe(TimeSpan.FromSeconds(seconds));
        outcome.Record.ShouldNotBeNull().Probes.ShouldBe(1);
        outcome.ReplacesLast.ShouldBeFalse();
    }

    [Fact]
    public void Probes_in_a_row_with_the_same_result_share_one_line()
    {
        var startedAt = _time.GetUtcNow() - TimeSpan.FromSeconds(5);
        var before = new AttemptRecord(1, 1, startedAt, 7, AttemptResult.TimedOut, "no answer") { Probes = 41 };

        var outcome = Probe(before);

        outcome.Record.ShouldBe(before with { Probes = 42, LastStartedAt = _time.GetUtcNow(), DurationMs = 0 });
        outcome.ReplacesLast.ShouldBeTrue();
    }

    [Fact]
    public void Probe_with_another_result_or_after_an_attempt_has_its_own_line()
    {
        var same = new AttemptRecord(1, 1, _time.GetUtcNow(), 7, AttemptResult.TimedOut, "no answer") { Probes = 41 };
        AttemptRecord[] others =
        [
            same with { Probes = null }, same with { Error = "no answer within 3 s" },
            same with { Result = AttemptResult.ConnectionLost }, same with { Number = 2 },
            same with { Generation = 2 },
        ];

        foreach (var outcome in others.Select(Probe)) (outcome.ReplacesLast, outcome.Record!.Probes).ShouldBe((false, 1));
    }

    [Fact]
    public void Failed_probe_fails_an_event_that_is_past_its_deadline()
    {
        var old = Attempt(e => e with { AttemptsSpent = 1, FirstAttemptAt = _time.GetUtcNow() - GiveUpAfter });

        _policy.Decide(old, Transient with { IsFailedProbe = true }, false).Reason.ShouldBe(FailureReason.DeadlineExceeded);
    }

    [Fact]
    public void Longer_retry_after_is_obeyed()
        => _policy.Decide(Attempt(), Transient with { RetryAfter = TimeSpan.FromMinutes(30) }, false)
            .Wait.ShouldBe(TimeSpan.FromMinutes(30));

    [Fact]
    public void Event_fails_when_an_attempt_fails_after_the_deadline()
    {
        var firstAttemptAt = _time.GetUtcNow() - GiveUpAfter + TimeSpan.FromMilliseconds(1);
        var young = Attempt(e => e with { AttemptsSpent = 1, FirstAttemptAt = firstAttemptAt });
        _policy.Decide(young, Transient, false).Kind.ShouldBe(AttemptOutcomeKind.RetryScheduled);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        var outcome = _policy.Decide(young, Transient, false);

        (outcome.Kind, outcome.Reason, outcome.IsCounted)
            .ShouldBe((AttemptOutcomeKind.Failed, FailureReason.DeadlineExceeded, true));
        outcome.Error.ShouldNotBeNull().ShouldContain("no answer");
    }

    [Fact]
    public void Time_before_the_first_attempt_does_not_count_for_the_deadline()
        => _policy.Decide(Attempt(e => e with { RequeuedAt = _time.GetUtcNow() - 100 * GiveUpAfter }), Transient, false)
            .Kind.ShouldBe(AttemptOutcomeKind.RetryScheduled);

    [Theory]
    [InlineData(null, 1)]
    [InlineData(3, 3)]
    public void Attempt_without_a_call_is_released(int? retryAfter, int wait)
    {
        var result = new RoutingResponse(ResponseClass.NotCalled, Result: null)
        {
            RetryAfter = retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };

        var outcome = _policy.Decide(Attempt(e => e with { AttemptsSpent = 3 }), result, false);

        (outcome.Kind, outcome.Wait, outcome.IsCounted, outcome.Record)
            .ShouldBe((AttemptOutcomeKind.Released, TimeSpan.FromSeconds(wait), false, null));
    }

    [Fact]
    [Trait("Defect", "R16")]
    public void Call_that_the_stop_broke_is_abandoned_and_not_counted()
    {
        var lost = new RoutingResponse(ResponseClass.Transient, AttemptResult.ConnectionLost) { Error = "connection refused" };

        var outcome = _policy.Decide(Attempt(e => e with { AttemptsSpent = 2 }), lost, cutOff: true);

        (outcome.Kind, outcome.Wait, outcome.IsCounted).ShouldBe((AttemptOutcomeKind.Abandoned, TimeSpan.FromSeconds(1), false));
        outcome.Record.ShouldNotBeNull().Result.ShouldBe(AttemptResult.Abandoned);
    }

    [Fact]
    public void Response_counts_also_during_a_stop()
        => _policy.Decide(Attempt(e => e with { AttemptsSpent = 1 }), Transient, cutOff: true).IsCounted.ShouldBeTrue();

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
        var attempt = Attempt(e => e with { Generation = 2, AttemptsSpent = 1 });
        var began = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromMilliseconds(1234));

        _policy.Decide(attempt, Transient, false).Record
            .ShouldBe(new AttemptRecord(Generation: 2, Number: 2, began, 1234, AttemptResult.TimedOut, "no answer"));
    }

    private AttemptOutcome Probe(AttemptRecord before)
        => _policy.Decide(Attempt(e => e with { Attempts = [before] }), Transient with { IsFailedProbe = true }, false);

    private Attempt Attempt(Func<EventEntity, EventEntity>? with = null)
    {
        var e = RoutingFixture.Event();
        return new Attempt(new ClaimedEvent(with?.Invoke(e) ?? e, Guid.NewGuid(), _time.GetUtcNow()), _time);
    }
}
