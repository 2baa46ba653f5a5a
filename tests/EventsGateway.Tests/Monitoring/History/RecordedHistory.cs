using System.Diagnostics.Metrics;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Monitoring.History;
using Gateway.EventsGateway.Monitoring.Processes;
using Gateway.EventsGateway.Repositories;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway.Tests.Monitoring.History;

/// <summary>One process that records its history, and the points of its rows.</summary>
internal sealed class RecordedHistory : IDisposable
{
    private readonly ServiceProvider _container = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly LiveMetrics _live;

    public RecordedHistory(TimeProvider time)
    {
        Metrics = new GatewayMetrics(_container.GetRequiredService<IMeterFactory>());
        _live = new LiveMetrics(Metrics);
        Backlog = new Backlog(time);
        Recorder = new HistoryRecorder(_live, Backlog, new OtherProcesses(), time);
    }

    public GatewayMetrics Metrics { get; }

    public Backlog Backlog { get; }

    public HistoryRecorder Recorder { get; }

    public IReadOnlyList<HistoryRow> Rows => Recorder.Record().Rows;

    public static HistoryPoints Points(
        HistoryStep step, DateTimeOffset from, int seconds, int count, IEnumerable<HistoryRow> rows, string? source = null)
    {
        var points = new HistoryPoints(from, seconds, count);
        points.Add(rows.Where(row => row.Key.Step == step.Seconds), source);
        return points;
    }

    public void Dispose()
    {
        _live.Dispose();
        _container.Dispose();
    }
}
