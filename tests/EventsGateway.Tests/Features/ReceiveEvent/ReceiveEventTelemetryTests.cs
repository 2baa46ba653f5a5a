using System.Diagnostics.Metrics;
using Gateway.EventsGateway.Features.ReceiveEvent;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Queue;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent;

/// <summary>A flood is counted to the last request, and kept only so far as it costs nothing worth mentioning.</summary>
public sealed class ReceiveEventTelemetryTests : IDisposable
{
    private readonly SteppedTime _time = new();
    private readonly RejectedRequestLog _rejections = new();
    private readonly MeterListener _listener = new();
    private readonly ReceiveEventTelemetry _telemetry;
    private long _counted;

    public ReceiveEventTelemetryTests()
    {
        var metrics = ActivatorUtilities.CreateInstance<GatewayMetrics>(new ServiceCollection().AddMetrics().BuildServiceProvider());
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, metrics.Meter) && instrument.Name == GatewayMetrics.Rejected) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => _counted += value);
        _listener.Start();
        _telemetry = new ReceiveEventTelemetry(metrics, _rejections, Options.Create(new WebhookOptions()), _time);
    }

    private int Kept => _rejections.Latest(RejectedRequestLog.Kept).Count;

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void Of_a_flood_of_503_all_are_counted_and_ten_a_second_are_kept()
    {
        for (var i = 0; i < 1000; i++) NotDurable();
        (_counted, Kept).ShouldBe((1000, 10));

        _time.Advance(TimeSpan.FromMilliseconds(100));
        for (var i = 0; i < 1000; i++) NotDurable();
        (_counted, Kept).ShouldBe((2000, 11));
    }

    [Fact]
    public void Of_a_flood_of_strangers_all_are_counted_and_twenty_a_second_are_kept()
    {
        for (var i = 0; i < 1000; i++) _telemetry.Refused(new DefaultHttpContext(), new byte[100], Rejection.MissingSignature, _telemetry.Begin());

        (_counted, Kept).ShouldBe((1000, 20));
        NotDurable();
        Kept.ShouldBe(21, "what strangers send does not hide that events are not taken");
    }

    [Fact]
    public void A_503_names_its_event_without_a_second_look_at_the_body()
    {
        var http = new DefaultHttpContext();
        var body = new SignedBody("no json"u8.ToArray()) { Event = new ReceiveEventDto { EventId = "7", ShippingCompanyId = "dhl" }, Enqueued = EnqueueResult.NotDurable };
        http.Features.Set(body);

        _telemetry.Answered(http, body, _telemetry.Begin());

        var kept = _rejections.Latest(1).Single();
        (kept.ShippingCompanyId, kept.EventId).ShouldBe(("dhl", "7"));
    }

    private void NotDurable()
        => _telemetry.Answered(new DefaultHttpContext(), new SignedBody(new byte[100]) { Enqueued = EnqueueResult.NotDurable }, _telemetry.Begin());
}
