using System.Diagnostics.Metrics;
using Gateway.EventsGateway.Monitoring;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway.Tests.Monitoring;

public sealed class LiveMetricsTests : IDisposable
{
    private readonly ServiceProvider _container = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly GatewayMetrics _metrics;
    private readonly LiveMetrics _live;

    public LiveMetricsTests()
    {
        _metrics = new GatewayMetrics(_container.GetRequiredService<IMeterFactory>());
        _live = new LiveMetrics(_metrics);
    }

    public void Dispose()
    {
        _live.Dispose();
        _container.Dispose();
    }

    [Fact]
    public void Counters_are_totalled_by_kind()
    {
        Count(GatewayMetrics.Accepted, 3);
        Count(GatewayMetrics.Duplicates, 2);
        Count(GatewayMetrics.Retries, 1, "result", "timed-out");
        Count(GatewayMetrics.Settled, 4, "status", "processed");
        Count(GatewayMetrics.Settled, 5, "status", "failed");
        Count(GatewayMetrics.Rejected, 6, "reason", RejectionReason.MissingSignature);
        Count(GatewayMetrics.Rejected, 7, "reason", RejectionReason.InvalidField);
        Count(GatewayMetrics.Rejected, 8, "reason", RejectionReason.Unavailable);

        _live.Totals.ShouldBe(new LiveTotals(3, 2, 13, 8, 4, 5, 1));
        _live.RejectedByReason.ShouldBe(
            new Dictionary<string, long> { ["missing_signature"] = 6, ["invalid_field"] = 7, ["unavailable"] = 8 },
                ignoreOrder: true);
    }

    [Fact]
    public void Accept_percentiles_ignore_rejected_requests()
    {
        var accept = _metrics.Meter.CreateHistogram<double>(GatewayMetrics.AcceptDuration);
        accept.Record(0.010, new KeyValuePair<string, object?>("result", "accepted"));
        accept.Record(0.010, new KeyValuePair<string, object?>("result", "duplicate"));
        accept.Record(0.0001, new KeyValuePair<string, object?>("result", "rejected"));
        accept.Record(5, new KeyValuePair<string, object?>("result", "unavailable"));

        _live.NextAcceptPercentiles().ShouldAllBe(percentile => percentile > 9 && percentile < 11);
        _live.NextAttemptPercentiles().ShouldBe([null, null]);
    }

    [Fact]
    public void Gauges_report_on_request()
    {
        var inFlight = 7;
        _metrics.Meter.CreateObservableGauge(GatewayMetrics.InFlight, () => inFlight);
        _metrics.Meter.CreateObservableGauge(GatewayMetrics.Slots, () => 100L);

        _live.RecordGauges();

        (_live.InFlight, _live.Slots).ShouldBe((7, 100));
    }

    [Fact]
    public void Metrics_of_another_host_are_ignored()
    {
        using var other = new ServiceCollection().AddMetrics().BuildServiceProvider();
        new GatewayMetrics(other.GetRequiredService<IMeterFactory>()).Meter.CreateCounter<long>(GatewayMetrics.Accepted).Add(1);

        _live.Totals.Accepted.ShouldBe(0);
    }

    [Fact]
    public void A_measurement_allocates_nothing()
    {
        var rejected = _metrics.Meter.CreateCounter<long>(GatewayMetrics.Rejected);
        var accept = _metrics.Meter.CreateHistogram<double>(GatewayMetrics.AcceptDuration);
        // The runtime allocates while it loads types and compiles.
        for (var i = 0; i < 1000; i++) Measure();

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
