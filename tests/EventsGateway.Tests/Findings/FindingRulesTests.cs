using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Findings;
using Gateway.EventsGateway.Monitoring.Processes;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;
using Gateway.EventsGateway.Sources;
using Gateway.Shared.Health;
using static Gateway.EventsGateway.Tests.Findings.SomeFigures;

namespace Gateway.EventsGateway.Tests.Findings;

/// <summary>Each rule is crossed by the first figures of its line, and not by the second.</summary>
public sealed class FindingRulesTests
{
    private static readonly RoutingFailure Failure = new("routing service answered 503", Now.AddSeconds(-2));

    private static readonly Dictionary<string, (Figures Crossed, Figures NotCrossed)> Cases = new()
    {
        ["starting"] = (Healthy with { Phase = HealthText.Starting }, Healthy with { Phase = HealthText.Degraded }),
        ["stopping"] = (Healthy with { Phase = HealthText.Stopping }, Healthy),
        ["backend-down"] = (Healthy.With(Check("sqlite", "unhealthy", true)), Healthy.With(Check("redis", "degraded", true))),
        ["deduplication-cache-down"] = (
            Healthy.With(Check("redis", "degraded", true)), Healthy.With(Check("sqlite", "unhealthy", true))),
        ["ingest-unavailable"] = (
            Healthy with { Ingest = new(100, 2, 98, null) }, Healthy with { Ingest = new(100, 1, 99, null) }),
        ["accept-slow"] = (Slow(20, 1001), Slow(20, 1000)),
        ["check-degraded"] = (
            Healthy.With(Check("ingest", "degraded")),
            Healthy.With(Check("worker", "degraded"), Check("unrouted", "degraded")) with { Pauses = [Paused] }),
        ["circuit-open"] = (
            Healthy with { Routing = Open }, Healthy with { Routing = Open, Backlog = Backlog with { Pending = 0 } }),
        ["circuit-idle"] = (
            Healthy with { Routing = Open, Backlog = Backlog with { Pending = 0 } }, Healthy with { Routing = Open }),
        ["routing-fails"] = (Attempts(failed: 6, completed: 5), Attempts(failed: 5, completed: 5)),
        ["merchant-circuit-open"] = (Healthy with { Routing = Calls with { OpenMerchants = ["merchant m-7"] } }, Healthy),
        ["routing-paused"] = (Healthy with { Pauses = [Paused] }, Healthy),
        ["worker-not-ready"] = (
            Healthy.With(Check("worker", "unhealthy")),
            Healthy.With(Check("worker", "unhealthy"), Check("mongodb", "unhealthy", true))),
        ["lag"] = (
            Healthy with { Backlog = Backlog with { IsLate = true } },
            Healthy with { Backlog = Backlog with { Oldest = TimeSpan.FromMinutes(9) } }),
        ["backlog-grows"] = (Growing(1001, 0.5), Growing(1000, 0.5)),
        ["backlog-unknown"] = (
            Healthy with { Backlog = null, IsBacklogUnknown = true }, Healthy with { Backlog = null, IsBacklogUnknown = false }),
        ["queue-not-read"] = (
            Healthy with { Backlog = Backlog with { LeastQueued = 101 } },
            Healthy with { Backlog = Backlog with { LeastQueued = 100 } }),
        ["worker-full"] = (Full(100, growth: 1), Full(100, growth: 0)),
        ["events-fail"] = (Failed(11), Failed(10)),
        ["events-unrouted"] = (Healthy.With(Check("unrouted", "degraded")), Healthy.With(Check("unrouted", "healthy"))),
        ["implausible-times"] = (Healthy with { ImplausibleTimes = 11 }, Healthy with { ImplausibleTimes = 10 }),
        ["source-fails"] = (Known(SourceFindings.Fails), Healthy),
        ["source-disables"] = (Known(SourceFindings.Disables), Healthy),
        ["source-silent"] = (Known(SourceFindings.Silent), Healthy),
        ["source-unmapped"] = (Known(SourceFindings.Unmapped), Healthy),
        ["source-secret-expired"] = (Known(SourceFindings.SecretExpired), Healthy),
        ["ingest-rejects"] = (
            Healthy.With(Traffic(60, rejected: 40), Traffic(1000, rejected: 100)),
            Healthy.With(Traffic(60, rejected: 40), Traffic(1000, rejected: 500))),
        ["duplicates"] = (
            Healthy.With(Traffic(50, duplicates: 50), Steady),
            Healthy.With(Traffic(50, duplicates: 50), Traffic(100, duplicates: 100))),
        ["process-missing"] = (
            Healthy with { Processes = [Process(ProcessStatePolicy.Missing)] },
            Healthy with { Processes = [Process(ProcessStatePolicy.Stopped)] }),
        ["wrong-operator-keys"] = (Healthy with { WrongKeys = 21 }, Healthy with { WrongKeys = 20 }),
        ["alerts-not-delivered"] = (
            Healthy with { AlertTargets = [new("slack", 2, Now, "it answered 500")] },
            Healthy with { AlertTargets = [new("slack", 2, null, null)] }),
    };

    public static TheoryData<string> Ids => [.. Rules.All.Where(rule => rule.Find is not null).Select(rule => rule.Id)];

    private static RoutingFigures Open => Calls with { IsOpen = true, OpenFor = TimeSpan.FromSeconds(9), LastFailure = Failure };

    private static RoutingPause Paused => new(RoutingScope.All, Now.AddMinutes(-3), "sam", null);

    [Theory]
    [MemberData(nameof(Ids))]
    public void Rule_is_crossed_by_the_first_figures_and_not_by_the_second(string id)
    {
        var (crossed, notCrossed) = Cases[id];

        var found = Evaluate(crossed).Where(finding => finding.Id == id).ToList();

        found.ShouldNotBeEmpty();
        found.ShouldAllBe(finding => finding.Text.Length > 0 && finding.Text.EndsWith('.') && finding.Advice.EndsWith('.'));
        Evaluate(notCrossed).Select(finding => finding.Id).ShouldNotContain(id);
    }

    [Fact]
    public void Gateway_is_healthy_only_while_no_rule_is_crossed()
    {
        StatusDto.Of(Evaluate(Healthy)).ShouldBeEquivalentTo(new StatusDto("healthy", []));
        StatusDto.Of(Evaluate(Healthy with { WrongKeys = 21 })).State.ShouldBe("attention");

        var worst = StatusDto.Of(Evaluate(Healthy.With(Check("sqlite", "unhealthy", true)) with { WrongKeys = 21 }));

        worst.State.ShouldBe("critical");
        worst.Findings.Select(finding => finding.Id).ShouldBe(["backend-down", "wrong-operator-keys"]);
    }

    [Fact]
    public void Calls_that_nearly_all_fail_are_critical()
        => new[] { Attempts(6, 5), Attempts(10, 1), Row(19), Row(20) }
            .Select(figures => Evaluate(figures).Single().Severity).ShouldBe(["warning", "critical", "warning", "critical"]);

    [Theory]
    [InlineData("routing service answered 404: no such path", "not at this path")]
    [InlineData("routing service answered 401", "rejects the credentials")]
    [InlineData("Connection refused (routing:8080)", "Call the owner")]
    public void Advice_for_a_routing_outage_follows_its_error(string error, string advice)
    {
        var found = Evaluate(Healthy with { Routing = Open with { LastFailure = new(error, Now) } }).Single();

        found.Text.ShouldBe($"Routing service is down: calls paused, the next due event is the probe. {Calls.Address}: {error}.");
        found.Advice.ShouldContain(advice);
        found.Since.ShouldBe("2026-11-30T12:02:51.000Z");
    }

    [Theory]
    [InlineData(0.5, "It grows by 0.5 events per second.")]
    [InlineData(-10.0, "At the pace of the last minute it is done in 2 min.")]
    [InlineData(0.0, "It does not shrink.")]
    [InlineData(null, "Its growth is known after a minute.")]
    public void Late_backlog_says_when_it_is_done(double? growth, string forecast)
        => Evaluate(Healthy with
        {
            Backlog = Backlog with { Pending = 1221, Oldest = TimeSpan.FromMinutes(12), IsLate = true, GrowthPerSecond = growth },
        }).First(finding => finding.Id == "lag").Text
            .ShouldBe($"The oldest of 1,221 pending events waits for 12 min; the budget is 5 min. {forecast}");

    [Fact]
    public void Share_that_changed_names_source_reason_number_and_the_usual()
    {
        var found = Evaluate(Healthy.With(Traffic(60, rejected: 40), Traffic(950, rejected: 50))).Single();

        found.Text.ShouldBe(
            "aramex: 40 % of the requests of the last 5 minutes rejected, invalid field (40 requests; usual 5 %).");
        (found.Source, found.About, found.Link).ShouldBe(("aramex", "invalid_field", "/console#/sources/aramex"));
    }

    [Fact]
    public void Count_of_pending_events_from_before_the_last_failed_call_means_nothing()
        => Evaluate(Healthy with { Routing = Open, Backlog = Backlog with { Pending = 0, At = Failure.At.AddSeconds(-1) } })
            .Single().Id.ShouldBe("circuit-open");

    [Fact]
    public void Failed_events_name_outcome_and_sources()
        => Evaluate(Failed(23)).Single().Text
            .ShouldBe("23 events failed in the last 15 minutes: rejected-by-router (aramex 21, dhl 2).");

    [Fact]
    public void Finding_stays_since_it_was_found_first()
    {
        var board = new FindingBoard(Rules);
        var first = board.Evaluate(Failed(11)).Single().Since;

        board.Evaluate(Failed(12) with { Now = Now.AddMinutes(5) }).Single().Since.ShouldBe(first);
        board.Evaluate(Healthy).ShouldBeEmpty();
        board.Evaluate(Failed(12) with { Now = Now.AddMinutes(9) }).Single().Since.ShouldBe("2026-11-30T12:12:00.000Z");
    }

    private static CheckFigure Check(string name, string status, bool isBackend = false) => new(name, isBackend, status, "it is");

    private static Figures Slow(long accepted, int milliseconds)
        => Healthy with { Ingest = new(accepted, 0, accepted, TimeSpan.FromMilliseconds(milliseconds)) };

    private static Figures Attempts(long failed, long completed)
        => Healthy with { Routing = Calls with { Failed = failed, Completed = completed, LastFailure = Failure } };

    private static Figures Row(int calls)
        => Healthy with { Routing = Calls with { FailedInARow = calls, LastFailure = Failure } };

    private static Figures Growing(long pending, double growth)
        => Healthy with { Backlog = Backlog with { Pending = pending, GrowthPerSecond = growth } };

    private static Figures Full(long held, double growth)
        => Growing(500, growth) with { Worker = new(held, 100, TimeSpan.FromSeconds(4)) };

    private static Figures Failed(long events) => Healthy with
    {
        Failed =
        [
            new(FailureReasonText.RejectedByRouter, "aramex", events - 2), new(FailureReasonText.RejectedByRouter, "dhl", 2),
        ],
        Backlog = Backlog with { Failed = 90 },
    };

    private static Figures Known(string id)
        => Healthy with { Sources = [new("aramex", [new(id, "aramex: something", "Do it.")], Steady, Steady)] };

    private static ProcessDto Process(string state) => new()
    {
        Id = "p-1", Host = "host-b", Pid = 7, Role = "Worker", Version = "1", StartedAt = "2026-11-30T10:00:00.000Z",
        State = state, Age = 30,
    };
}
