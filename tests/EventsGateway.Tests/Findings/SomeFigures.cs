using Gateway.EventsGateway.Findings;
using Gateway.EventsGateway.Monitoring;
using Gateway.Shared.Health;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Tests.Findings;

/// <summary>The figures of a process that works, which a test changes.</summary>
internal static class SomeFigures
{
    public static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 3, 0, TimeSpan.Zero);

    public static readonly FindingRules Rules = new(Options.Create(new HealthOptions()));

    public static readonly BacklogFigures Backlog = new(
        Now, Pending: 3, Oldest: TimeSpan.FromSeconds(1), IsLate: false, GrowthPerSecond: 0, Failed: 0, LeastQueued: 0);

    public static readonly RoutingFigures Calls = new(
        "http://routing:8080/route", IsOpen: false, TimeSpan.Zero, TimeSpan.Zero, LastFailure: null, FailedInARow: 0, Failed: 0,
        Completed: 40, OpenMerchants: []);

    public static readonly SourceTraffic Steady = Traffic(accepted: 1000);

    public static readonly Figures Healthy = new()
    {
        Now = Now,
        Phase = HealthText.Ready,
        Checks =
        [
            new("sqlite", IsBackend: true, "healthy", "accepts events"), new("worker", IsBackend: false, "healthy", "idle"),
            new("ingest", IsBackend: false, "healthy", "requests are answered"),
        ],
        Ingest = new(Requests: 100, Unavailable: 0, Accepted: 100, TimeSpan.FromMilliseconds(5)),
        Backlog = Backlog,
        Worker = new(InFlight: 1, Slots: 100, TimeSpan.FromMilliseconds(20)),
        Routing = Calls,
        Sources = [new("aramex", [], Steady, Steady)],
    };

    public static SourceTraffic Traffic(long accepted = 0, long duplicates = 0, long rejected = 0)
        => new(accepted, duplicates, new Dictionary<string, long> { [RejectionReason.InvalidField] = rejected });

    public static Figures With(this Figures figures, params CheckFigure[] checks)
        => figures with { Checks = [.. figures.Checks.ExceptBy(checks.Select(one => one.Name), one => one.Name), .. checks] };

    public static Figures With(this Figures figures, SourceTraffic recent, SourceTraffic usual)
        => figures with { Sources = [new("aramex", [], recent, usual)] };

    public static IReadOnlyList<FindingDto> Evaluate(Figures figures) => new FindingBoard(Rules).Evaluate(figures);
}
