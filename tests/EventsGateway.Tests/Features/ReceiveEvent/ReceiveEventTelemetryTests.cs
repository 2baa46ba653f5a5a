using System.Diagnostics.Metrics;
using System.Net;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Features.ReceiveEvent;
using Gateway.EventsGateway.Features.ReceiveEvent.Rejections;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Tests.Monitoring;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent;

/// <summary>Of a flood every request is counted, and a limited number per second is recorded.</summary>
public sealed class ReceiveEventTelemetryTests : ILogger<ReceiveEventTelemetry>, IDisposable
{
    private readonly SteppedTime _time = new();
    private readonly RejectedRequestLog _rejected;
    private readonly MeterListener _listener = new();
    private readonly List<(int Id, LogLevel Level, string Text)> _lines = [];
    private readonly ReceiveEventTelemetry _telemetry;
    private readonly AcceptedEvent _event = new AcceptedEvents(TimeProvider.System).Next();
    private long _counted;

    public ReceiveEventTelemetryTests()
    {
        var metrics =
            ActivatorUtilities.CreateInstance<GatewayMetrics>(new ServiceCollection().AddMetrics().BuildServiceProvider());
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, metrics.Meter) && instrument.Name == GatewayMetrics.Rejected)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => _counted += value);
        _listener.Start();
        _rejected = NullTelemetry.Rejected(_time);
        var conflicts = new ConflictTelemetry(metrics, _rejected, _time, NullLogger<ConflictTelemetry>.Instance);
        _telemetry = new ReceiveEventTelemetry(
            metrics, NullTelemetry.Tracing, _rejected, conflicts, new SourceLedger(_time), new IngestHealthCheck(_time), _time,
            this);
    }

    private int Recorded => _rejected.Latest(RejectedRequestLog.Capacity).Count;

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void All_unavailable_requests_are_counted_but_only_20_per_second_are_recorded()
    {
        for (var i = 0; i < 1000; i++) Unavailable();
        (_counted, Recorded).ShouldBe((1000, 20));

        _time.Advance(TimeSpan.FromMilliseconds(50));
        for (var i = 0; i < 1000; i++) Unavailable();
        (_counted, Recorded).ShouldBe((2000, 21));
    }

    [Fact]
    public void All_rejected_requests_are_counted_but_only_20_per_second_are_recorded()
    {
        for (var i = 0; i < 1000; i++) Rejected(Rejection.MissingSignature);

        (_counted, Recorded).ShouldBe((1000, 20));
        Unavailable();
        Recorded.ShouldBe(21, "rejected requests do not displace unavailable ones");
    }

    [Fact]
    public void Rejected_request_is_logged_as_205_at_Information_with_its_reason_and_hint()
    {
        Rejected(Rejection.MissingSignature with { Detail = "the header x-signature is missing" });

        var (id, level, text) = _lines.ShouldHaveSingleItem();
        (id, level).ShouldBe((205, LogLevel.Information));
        text.ShouldStartWith("Request ");
        text.ShouldEndWith(
            " from 192.0.2.7 rejected with 401 missing_signature: the header x-signature is missing");
    }

    [Fact]
    public void Only_one_rejected_request_per_second_is_logged()
    {
        for (var i = 0; i < 1000; i++) Rejected(Rejection.InvalidSignature);
        _lines.Count.ShouldBe(1);

        _time.Advance(TimeSpan.FromMilliseconds(999));
        Rejected(Rejection.InvalidSignature);
        _lines.Count.ShouldBe(1);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Rejected(Rejection.InvalidSignature);
        _lines.Count.ShouldBe(2);
    }

    [Fact]
    public void Unavailable_request_is_recorded_with_its_event_key()
    {
        Unavailable();

        var kept = _rejected.Latest(1).Single();
        (kept.ShippingCompanyId, kept.EventId).ShouldBe((_event.Key.ShippingCompanyId, _event.Key.EventId));
    }

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => _lines.Add((eventId.Id, logLevel, formatter(state, exception)));

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    private void Rejected(Rejection rejection) => Answered(new ReceiveEventResult.Rejected(rejection));

    private void Unavailable()
        => Answered(new ReceiveEventResult.Unavailable(NotDurable.TooManyWaiting(_event)));

    private void Answered(ReceiveEventResult result)
    {
        var http = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse("192.0.2.7") } };
        _telemetry.Answered(http, new byte[100], result, _telemetry.Start());
    }
}
