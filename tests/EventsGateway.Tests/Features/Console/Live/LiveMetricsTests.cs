using System.Diagnostics.Metrics;
using Gateway.EventsGateway.Features.Console.Live;
using Gateway.EventsGateway.Monitoring;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway.Tests.Features.Console.Live;

public sealed class LiveMetricsTests : IDisposable
{
    private readonly ServiceProvider _container = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly GatewayMetrics _metrics;
    private readonly LiveMetrics _numbers;

    public LiveMetricsTests()
    {
        _metrics = new GatewayMetrics(_container.GetRequiredService<IMeterFactory>());
        _numbers = new LiveMetrics(_metrics);
    }

    public void Dispose()
    {
        _numbers.Dispose();
        _container.Dispose();
    }

    [Fact]
    public void What_is_counted_is_told_by_what_it_was()
    {
        Count(GatewayMetrics.Accepted, 3);
        Count(GatewayMetrics.Duplicates, 2);
        Count(GatewayMetrics.Retries, 1, "result", "timed-out");
        Count(GatewayMetrics.Settled, 4, "status", "processed");
        Count(GatewayMetrics.Settled, 5, "status", "failed");
        Count(GatewayMetrics.Rejected, 6, "reason", RejectionReason.MissingSignature);
        Count(GatewayMetrics.Rejected, 7, "reason", RejectionReason.InvalidField);
        Count(GatewayMetrics.Rejected, 8, "reason", RejectionReason.Unavailable);

        _numbers.Totals.ShouldBe(new LiveTotals(3, 2, 13, 8, 4, 5, 1));
        _numbers.RejectedByReason.ShouldBe(
            new Dictionary<string, long> { ["missing_signature"] = 6, ["invalid_field"] = 7, ["unavailable"] = 8 }, ignoreOrder: true);
    }

    [Fact]
    public void Only_what_was_accepted_tells_how_long_accepting_takes()
    {
        var accept = _metrics.Meter.CreateHistogram<double>(GatewayMetrics.AcceptDuration);
        accept.Record(0.010, new KeyValuePair<string, object?>("result", "accepted"));
        accept.Record(0.010, new KeyValuePair<string, object?>("result", "duplicate"));
        accept.Record(0.0001, new KeyValuePair<string, object?>("result", "refused"));
        accept.Record(5, new KeyValuePair<string, object?>("result", "unavailable"));

        _numbers.NextAccepts().ShouldAllBe(percentile => percentile > 9 && percentile < 11);
        _numbers.NextAttempts().ShouldBe([null, null]);
    }

    [Fact]
    public void Gauges_tell_when_they_are_asked()
    {
        var inFlight = 7;
        _metrics.Meter.CreateObservableGauge(GatewayMetrics.InFlight, () => inFlight);
        _metrics.Meter.CreateObservableGauge(GatewayMetrics.Slots, () => 100L);

        _numbers.AskGauges();

        (_numbers.InFlight, _numbers.Slots).ShouldBe((7, 100));
    }

    [Fact]
    public void The_numbers_of_another_host_are_its_own()
    {
        using var other = new ServiceCollection().AddMetrics().BuildServiceProvider();
        new GatewayMetrics(other.GetRequiredService<IMeterFactory>()).Meter.CreateCounter<long>(GatewayMetrics.Accepted).Add(1);

        _numbers.Totals.Accepted.ShouldBe(0);
    }

    [Fact]
    public void A_measurement_allocates_nothing()
    {
        var rejected = _metrics.Meter.CreateCounter<long>(GatewayMetrics.Rejected);
        var accept = _metrics.Meter.CreateHistogram<double>(GatewayMetrics.AcceptDuration);
        Measure();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Measure();

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Measure()
        {
            rejected.Add(1, new KeyValuePair<string, object?>("reason", RejectionReason.InvalidSignature));
            accept.Record(0.001, new KeyValuePair<string, object?>("result", "accepted"));
        }
    }

    private void Count(string instrument, long n, string? tag = null, string? value = null)
    {
        var counter = _metrics.Meter.CreateCounter<long>(instrument);
        if (tag is null) counter.Add(n);
        else counter.Add(n, new KeyValuePair<string, object?>(tag, value), new KeyValuePair<string, object?>("other", "x"));
    }
}
