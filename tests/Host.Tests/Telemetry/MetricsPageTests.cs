using System.Net;
using System.Text.Json;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;
using Microsoft.AspNetCore.Http;

namespace Gateway.Host.Tests.Telemetry;

/// <summary>/metrics of a separate process: within the test process, an exporter sees the metrics of every host.</summary>
public sealed class MetricsPageTests : IDisposable
{
    private static readonly string[] Always =
    [
        "gateway_accept_duration_seconds histogram", "gateway_attempt_duration_seconds histogram",
        "gateway_attempts_in_flight gauge",
        "gateway_attempts_limit gauge", "gateway_circuit_state gauge", "gateway_backend_up gauge", "gateway_lag_exceeded gauge",
        "gateway_ready gauge", "gateway_events_accepted_total counter",
        "gateway_events_purged_total counter", "gateway_events_conflict_total counter", "gateway_events_duplicate_total counter",
        "gateway_events_dismissed_total counter",
        "gateway_events_erased_total counter", "gateway_events_implausible_time_total counter",
        "gateway_events_oldest_pending_age_seconds gauge", "gateway_events_pending gauge",
        "gateway_events_replayed_total counter", "gateway_events_settled_total counter", "gateway_group_size histogram",
        "gateway_requests_rejected_total counter", "gateway_retries_total counter",
        "gateway_source_failures_in_a_row gauge",
    ];

    private readonly TempFolder _folder = new();
    private readonly Webhooks _webhooks = new();

    [Theory]
    [InlineData("Embedded")]
    [InlineData("Distributed")]
    public async Task Counters_equal_the_operator_counts(string profile)
    {
        await using var routing = await FakeRoutingService.StartAsync();
        // evt-1 fails until it is replayed, evt-2 fails once.
        routing.Answer = (call, calls) => IsOf(call, "evt-1-") && calls == 1 ? Results.StatusCode(400)
            : IsOf(call, "evt-2-") && calls == 1 ? Results.StatusCode(503)
            : FakeRoutingService.Routed(call);
        await using var gateway = await GatewayProcess.StartAsync(
            _folder.Path, [("ROUTING_SERVICE_URL", routing.Url), ("Gateway__Processing__RetryBase", "00:00:00.050"),
                ("Gateway__Processing__MaxRetries", "0"),
                .. await SandboxAsync(profile)]);
        var all = _webhooks.Take(6);
        var keys = await Task.WhenAll(all.Select(webhook => gateway.Client.AcceptedAsync(webhook)));
        await gateway.Client.SettledAsync();
        var repeats = await RepeatedAsync(gateway.Client, all[3], all[4], all[4] with { ShipmentId = "other" });
        await SendRejectedAsync(gateway.Client);
        if (profile == "Distributed")
            await Until.TrueAsync(() => Scrape.OfAsync(gateway.Client), now => now["gateway_dead_letters_total"] == 1);
        await gateway.Client.ReplayAsync(new { keys = keys.Where(key => key.Contains("evt-1-", StringComparison.Ordinal)) });
        await Until.TrueAsync(() => gateway.Client.SettledAsync(), counts => counts.GetProperty("processed").GetInt64() == 6);

        var scrape = await Until.TrueAsync(
            () => Scrape.OfAsync(gateway.Client), now => now["gateway_events_settled_total"] == 7
                && now["gateway_events_pending"] == 0
                && (profile == "Embedded" || now["gateway_queue_depth"] == 0));

        var counts = await gateway.Client.SnapshotAsync();
        scrape["gateway_events_accepted_total"].ShouldBe(Number(counts, "accepted") + 3 - repeats);
        scrape["gateway_events_duplicate_total"].ShouldBe(repeats);
        scrape["gateway_events_conflict_total"].ShouldBe(1);
        scrape["gateway_events_settled_total", "status=\"processed\"", "outcome=\"routed\"", "source=\"gateway\""]
            .ShouldBe(Number(counts, "processed"));
        scrape["gateway_events_settled_total", "status=\"failed\"", "outcome=\"rejected-by-router\""].ShouldBe(1);
        scrape["gateway_events_replayed_total"].ShouldBe(1);
        scrape["gateway_retries_total", "result=\"transient-status\""].ShouldBe(1);
        scrape["gateway_requests_rejected_total"].ShouldBe(6);
        string[] reasons =
            ["too_large", "missing_signature", "invalid_signature", "unsupported_media_type", "malformed_body", "invalid_field"];
        foreach (var reason in reasons) scrape["gateway_requests_rejected_total", $"reason=\"{reason}\""].ShouldBe(1);
        scrape["gateway_requests_rejected_total", "reason=\"unavailable\""].ShouldBe(0);
        scrape["gateway_accept_duration_seconds_count"].ShouldBe(6 + 3 + 6);
        scrape["gateway_attempt_duration_seconds_count"].ShouldBe(8);
        scrape["gateway_group_size_count", "group=\"ingest\""].ShouldNotBeNull();
        scrape["gateway_source_failures_in_a_row", "source=\"gateway\""].ShouldBe(6);
        scrape["gateway_circuit_state"].ShouldBe(0);
        scrape["gateway_attempts_limit"].ShouldBe(100);
        Always.Except(scrape.Types).ShouldBeEmpty();
        foreach (var backend in profile == "Embedded" ? ["sqlite"] : new[] { "rabbitmq", "redis", "mongodb" })
            scrape["gateway_backend_up", $"backend=\"{backend}\""].ShouldBe(1);
        scrape["gateway_ready"].ShouldBe(1);
        scrape["gateway_lag_exceeded"].ShouldBe(0);
    }

    [Fact]
    public async Task Silence_of_a_source_is_measured_where_it_has_a_limit()
    {
        await using var gateway = await GatewayProcess.StartAsync(
            _folder.Path,
            [.. SourceNamed("quiet"), .. SourceNamed("other"), ("Gateway__Sources__quiet__Health__SilenceAfter", "01:00:00")]);

        var scrape = await Until.TrueAsync(
            () => Scrape.OfAsync(gateway.Client), now => now["gateway_source_silence_seconds", "source=\"quiet\""] > 0);

        scrape["gateway_source_silence_limit_seconds", "source=\"quiet\""].ShouldBe(3600);
        scrape["gateway_source_silence_seconds", "source=\"other\""].ShouldBeNull();
        scrape["gateway_source_failures_in_a_row", "source=\"other\""].ShouldBe(0);
    }

    [Fact]
    public async Task OpenMetrics_names_the_units()
    {
        await using var gateway = await GatewayProcess.StartAsync(_folder.Path);
        await gateway.Client.AcceptedAsync(_webhooks.Next());

        var scrape = await Until.TrueAsync(
            () => Scrape.OfAsync(
                gateway.Client, "application/openmetrics-text"), now => now["gateway_accept_duration_seconds_count"] == 1);

        scrape.Lines.ShouldContain("# UNIT gateway_accept_duration_seconds seconds");
        scrape.Lines.ShouldContain("# EOF");
    }

    [Fact]
    public async Task Accept_duration_buckets_reach_from_half_a_millisecond_to_the_timeout()
    {
        await using var gateway = await GatewayProcess.StartAsync(_folder.Path);
        await gateway.Client.AcceptedAsync(_webhooks.Next());

        var scrape = await Until.TrueAsync(
            () => Scrape.OfAsync(gateway.Client), now => now["gateway_accept_duration_seconds_count"] == 1);

        foreach (var boundary in new[] { "0.0005", "0.25", "10", "+Inf" })
            scrape["gateway_accept_duration_seconds_bucket", $"le=\"{boundary}\""].ShouldNotBeNull();
    }

    [Theory]
    [InlineData("Gateway__Telemetry__Metrics", "false")]
    [InlineData("OTEL_SDK_DISABLED", "true")]
    public async Task Disabled_metrics_are_404(string variable, string value)
    {
        await using var gateway = await GatewayProcess.StartAsync(_folder.Path, (variable, value));

        using var answer = await gateway.Client.Http.GetAsync("/metrics");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<(string, string)> SourceNamed(string name) => new[]
    {
        ("Preset", "token"), ("Merchant", "m-1"), ("Secrets__0__Id", "a"), ("Secrets__0__Value", $"the-token-of-{name}"),
        ("Verify__Signature", "{header.X-Token}"), ("Map__Shipment", "$.shipment"), ("Map__Type", "$.state"),
    }.Select(setting => ($"Gateway__Sources__{name}__{setting.Item1}", setting.Item2));

    private static bool IsOf(RoutingCall call, string id) => call.IdempotencyKey.Contains(id, StringComparison.Ordinal);

    private static double Number(JsonElement counts, string name) => counts.GetProperty(name).GetInt64();

    private static async Task<IEnumerable<(string, string)>> SandboxAsync(string profile)
        => profile == "Embedded"
            ? []
            : (await Backends.SharedAsync()).NewSandbox().Select(
                setting => ($"Gateway__{setting.Key.Replace(":", "__", StringComparison.Ordinal)}", setting.Value));

    private static async Task<int> RepeatedAsync(GatewayClient client, params Webhook[] webhooks)
    {
        var repeats = 0;
        foreach (var webhook in webhooks)
        {
            using var answer = await client.PostSignedAsync(webhook);
            if (answer.IsReplayed()) repeats++;
        }

        return repeats;
    }

    private async Task SendRejectedAsync(GatewayClient client)
    {
        var body = _webhooks.Next().ToBytes();
        var (unsigned, otherwise, typed) = (client.SignedRequest(body), client.SignedRequest(body), client.SignedRequest(body));
        unsigned.Headers.Remove(Signature.Header);
        otherwise.Headers.Remove(Signature.Header);
        otherwise.Headers.Add(Signature.Header, Signature.Of(body, "another secret"));
        typed.Content!.Headers.ContentType = new("text/plain");
        HttpRequestMessage[] all =
        [
            unsigned, otherwise, typed, client.SignedRequest(new byte[102_401]), client.SignedRequest(
                "{"u8.ToArray()), client.SignedRequest("{}"u8.ToArray()),
        ];
        foreach (var request in all) await client.RejectedAsync(request);
    }
}
