using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gateway.EventsGateway.Monitoring;
using Gateway.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway.Tests.Monitoring.EndToEnd;

/// <summary>Listens to the instruments of one host: sums of counters, numbers of histogram measurements.</summary>
internal sealed class Counted : IDisposable
{
    private readonly ConcurrentDictionary<string, double> _sums = new();
    private readonly MeterListener _listener = new();

    public Counted(GatewayHost host)
    {
        var meter = host.Services.GetRequiredService<GatewayMetrics>().Meter;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, meter)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, 1, tags));
        _listener.Start();
    }

    /// <param name="name">
    /// An instrument, optionally with the values of all its tags but the source: <c>gateway.requests.rejected too_large</c>; or
    /// with that at the end.
    /// </param>
    public double this[string name] => _sums.GetValueOrDefault(name);

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (instrument.IsObservable) return;
        var name = instrument.Name;
        _sums.AddOrUpdate(name, value, (_, sum) => sum + value);
        if (tags.IsEmpty) return;
        object? source = null;
        foreach (var tag in tags)
        {
            if (tag.Key == "source") source = tag.Value;
            else name += $" {tag.Value}";
        }

        if (name != instrument.Name) _sums.AddOrUpdate(name, value, (_, sum) => sum + value);
        if (source is not null) _sums.AddOrUpdate($"{name} {source}", value, (_, sum) => sum + value);
    }
}
