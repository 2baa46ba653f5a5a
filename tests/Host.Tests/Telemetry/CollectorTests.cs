using System.Diagnostics;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.Telemetry;

/// <summary>The exports of a process when the standard variables name a collector.</summary>
public sealed class CollectorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Spans_metrics_and_logs_of_an_event_reach_the_collector_with_its_trace_id()
    {
        var trace = ActivityTraceId.CreateRandom();
        var bytes = BytesOf(trace);
        await using var collector = await Collector.StartAsync();
        await using var gateway = await StartAsync(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url), ("OTEL_SERVICE_NAME", "ingest-1"),
                ("Logging__LogLevel__Gateway", "Debug"));

        var key = await PostAsync(gateway.Client, trace);
        await gateway.Client.StatusAsync(key, "processed");

        await Until.TrueAsync(() => collector.Has("traces", "publish events")
            && collector.Has("traces", "process events") && collector.Has("traces", bytes));
        await Until.TrueAsync(() => collector.Has("logs", bytes) && collector.Has("logs", key));
        await Until.TrueAsync(() => collector.Has("metrics", "gateway.events.accepted") && collector.Has("metrics", "ingest-1"));
        collector.Has("traces", "/health/ready").ShouldBeFalse();
        gateway.Output.ShouldContain(line => line.Contains($"Event {key} processed") && line.Contains($"trace {trace}"));
    }

    [Fact]
    public async Task Single_signal_can_be_exported_alone()
    {
        await using var collector = await Collector.StartAsync();
        await using var gateway = await StartAsync(("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", $"{collector.Url}/v1/metrics"));

        await PostAsync(gateway.Client, ActivityTraceId.CreateRandom());

        await Until.TrueAsync(() => collector.Has("metrics", "gateway.events.accepted"));
        collector.Has("traces", "").ShouldBeFalse();
        collector.Has("logs", "").ShouldBeFalse();
    }

    [Fact]
    public async Task Unreachable_collector_does_not_affect_events_or_shutdown()
    {
        await using var gateway = await StartAsync(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"));

        var key = await PostAsync(gateway.Client, ActivityTraceId.CreateRandom());

        await gateway.Client.StatusAsync(key, "processed");
        (await gateway.StopAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Sampling_flag_of_a_request_counts_once_it_is_verified()
    {
        var (unverified, verified) = (ActivityTraceId.CreateRandom(), ActivityTraceId.CreateRandom());
        await using var collector = await Collector.StartAsync();
        await using var gateway = await StartAsync(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url), ("OTEL_TRACES_SAMPLER", "parentbased_always_off"));
        using var request = gateway.Client.SignedRequest([1]);
        request.Headers.Remove("x-signature");
        request.Headers.Add("traceparent", $"00-{unverified}-{ActivitySpanId.CreateRandom()}-01");
        using (await gateway.Client.Http.SendAsync(request)) { }

        await PostAsync(gateway.Client, verified);

        await Until.TrueAsync(() => collector.Has("traces", "publish events") && collector.Has("traces", "process events"));
        collector.Has("traces", BytesOf(verified)).ShouldBeTrue();
        (await gateway.StopAsync()).ShouldBe(0);
        collector.Has("traces", BytesOf(unverified)).ShouldBeFalse();
    }

    [Fact]
    public async Task Verified_sender_can_turn_the_spans_of_its_event_off()
    {
        var (off, on) = (ActivityTraceId.CreateRandom(), ActivityTraceId.CreateRandom());
        await using var collector = await Collector.StartAsync();
        // The stub would be a second gateway, to which the call is an unverified request.
        await using var service = await FakeRoutingService.StartAsync();
        await using var gateway = await StartAsync(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url), ("Gateway__Routing__Url", service.Url));

        await gateway.Client.StatusAsync(await PostAsync(gateway.Client, off, flags: "00"), "processed");
        await gateway.Client.StatusAsync(await PostAsync(gateway.Client, on), "processed");

        (await gateway.StopAsync()).ShouldBe(0);
        collector.Has("traces", BytesOf(on)).ShouldBeTrue();
        collector.Has("traces", BytesOf(off)).ShouldBeFalse();
    }

    public void Dispose() => _folder.Dispose();

    private Task<GatewayProcess> StartAsync(params (string, string)[] variables)
        => GatewayProcess.StartAsync(
            _folder.Path,
            [
                ("ROUTING_SERVICE_DELAY_MS", "0"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
                ("OTEL_BSP_SCHEDULE_DELAY", "100"),
                ("OTEL_BLRP_SCHEDULE_DELAY", "100"), ("OTEL_METRIC_EXPORT_INTERVAL", "200"), .. variables,
            ]);

    private static byte[] BytesOf(ActivityTraceId trace)
    {
        var bytes = new byte[16];
        trace.CopyTo(bytes);
        return bytes;
    }

    private static async Task<string> PostAsync(GatewayClient client, ActivityTraceId trace, string flags = "01")
    {
        using var request = client.SignedRequest(new Webhooks().Next().ToBytes());
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-{flags}");
        using var answer = await client.Http.SendAsync(request);
        return await answer.AcceptedKeyAsync();
    }
}
