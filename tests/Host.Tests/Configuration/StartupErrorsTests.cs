using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.Configuration;

/// <summary>A process that cannot start prints one line per error and exits with 1.</summary>
public sealed class StartupErrorsTests : IDisposable
{
    private static readonly (string, string)[] Valid =
        [("WEBHOOK_SECRET", GatewayHost.Secret), ("ROUTING_SERVICE_URL", "http://127.0.0.1:9/route")];

    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Missing_secret_stops_the_start()
        => await ShouldFailAsync([("WEBHOOK_SECRET", "")], "Gateway:Webhook:Secret (WEBHOOK_SECRET): is not set");

    [Fact]
    public async Task Short_secret_stops_the_start()
        => await ShouldFailAsync([("WEBHOOK_SECRET", "fifteen-bytes-x")], "must have at least 16 bytes");

    [Theory]
    [InlineData("my-secret-key-123")]
    [InlineData("change-me-in-production")]
    [InlineData("development-secret-not-for-production")]
    [Trait("Defect", "R12"), Trait("Defect", "B12")]
    public async Task Published_secret_stops_the_start(string secret)
        => await ShouldFailAsync([("WEBHOOK_SECRET", secret)], "is a published example");

    [Theory]
    [InlineData("abc")]
    [InlineData("0")]
    [Trait("Defect", "R22")]
    public async Task Invalid_prefetch_stops_the_start(string prefetch)
        => await ShouldFailAsync([("WORKER_PREFETCH", prefetch)], "Gateway:Processing:Prefetch (WORKER_PREFETCH)");

    [Theory]
    [InlineData("Gateway__Processing__Prefetsch", "Gateway:Processing:Prefetsch: is not a known key")]
    [InlineData("Gateway__Procesing__Prefetch", "Gateway:Procesing: is not a known key")]
    public async Task Unknown_key_stops_the_start(string variable, string line)
        => await ShouldFailAsync([(variable, "5")], line);

    [Fact]
    public async Task Invalid_boolean_stops_the_start()
        => await ShouldFailAsync(
            [("Gateway__Console__Enabled", "perhaps")], "Gateway:Console:Enabled: 'perhaps' is not true or false");

    [Theory]
    [InlineData("proxy.internal")]
    [InlineData("10.0.0.0/33")]
    public async Task Proxy_that_is_no_address_stops_the_start(string proxy)
        => await ShouldFailAsync(
            [("Gateway__Http__TrustedProxies__0", proxy)],
            $"Gateway:Http:TrustedProxies: '{proxy}' is neither an address nor a network");

    [Theory]
    [InlineData("ProcessedAfter", "-1.00:00:00")]
    [InlineData("ProcessedAfter", "a month")]
    [InlineData("DedupHorizon", "00:00:00")]
    [InlineData("Audit", "00:00:00")]
    [InlineData("Interval", "00:00:00")]
    public async Task Invalid_age_stops_the_start(string key, string age)
        => await ShouldFailAsync([($"Gateway__Retention__{key}", age)], $"Gateway:Retention:{key}: ");

    [Fact]
    public async Task Each_error_has_its_own_line()
        => await ShouldFailAsync(
            [("WEBHOOK_SECRET", ""), ("ROUTING_SERVICE_URL", ""), ("WORKER_PREFETCH", "many"), ("WORKER_MAX_RETRIES", "-1")],
            "Gateway:Webhook:Secret", "Gateway:Routing:Url", "Gateway:Processing:Prefetch", "Gateway:Processing:MaxRetries");

    [Theory]
    [InlineData("RABBITMQ_URL", "amqp://127.0.0.1")]
    [InlineData("RABBITMQ_URL_FILE", "/run/secrets/rabbitmq")]
    [InlineData("MONGODB_URI", "mongodb://mongo/fincart_events")]
    [InlineData("MONGODB_URI_FILE", "/run/secrets/mongo")]
    [InlineData("REDIS_HOST", "redis")]
    [InlineData("REDIS_SENTINELS", "sentinel:26379")]
    public async Task Variable_of_a_backend_with_the_embedded_profile_stops_the_start(string variable, string value)
        => await ShouldFailAsync([(variable, value)], $"{variable}: is set, but the profile Embedded");

    [Theory]
    [InlineData("WEBHOOK_SECRET", "field-test-secret-0123456789\n", "Gateway:Webhook:Secret (WEBHOOK_SECRET)")]
    [InlineData("WEBHOOK_SECRET", "\"field-test-secret-0123456789\"", "Gateway:Webhook:Secret (WEBHOOK_SECRET)")]
    [InlineData("Gateway__Operator__ApiKey", "field-test-secret-0123456789\r", "Gateway:Operator:ApiKey")]
    [InlineData("ROUTING_SERVICE_URL", " http://u:field-test-secret@h/", "Gateway:Routing:Url (ROUTING_SERVICE_URL)")]
    [InlineData("Gateway__Routing__Headers__X-Key", "'field-test-secret'", "Gateway:Routing:Headers:X-Key")]
    [InlineData("Gateway__Routing__Headers__Host", "field-test-secret", "Gateway:Routing:Headers: Host is set by the gateway")]
    [InlineData("Gateway__Routing__Headers__X Y", "field-test-secret", "X Y is not the name of a request header")]
    [InlineData("Gateway__Routing__Headers__X-Key", "field-test-secret-é", "X-Key has characters that are not allowed")]
    public async Task Secret_that_cannot_be_meant_stops_the_start_and_is_not_shown(string variable, string value, string line)
        => (await ShouldFailAsync([(variable, value)], line)).ShouldNotContain("field-test-secret");

    [Fact]
    public async Task Operator_key_that_a_sender_has_stops_the_start()
        => (await ShouldFailAsync(
            [
                ("Gateway__Operator__ApiKey", GatewayHost.Secret),
                ("Gateway__Operator__Keys__ann__Key", "field-test-secret-0123"),
                ("Gateway__Operator__Keys__ann__Role", "read"), ("Gateway__Sources__dhl__Preset", "ups"),
                ("Gateway__Sources__dhl__Merchant", "m-1"), ("Gateway__Sources__dhl__Secrets__0__Id", "a"),
                ("Gateway__Sources__dhl__Secrets__0__Value", "field-test-secret-0123"),
            ],
            "Gateway:Operator:ApiKey: is also a secret of the source gateway",
            "Gateway:Operator:Keys:ann:Key: is also a secret of the source dhl")).ShouldNotContain("field-test-secret");

    [Fact]
    public async Task Management_port_that_is_the_other_port_stops_the_start()
        => await ShouldFailAsync(
            [("PORT", "4123"), ("Gateway__App__ManagementPort", "4123")],
            "Gateway:App:ManagementPort: must not be Gateway:App:Port");

    [Fact]
    public async Task Credentials_beside_an_Authorization_header_stop_the_start()
        => await ShouldFailAsync(
            [("ROUTING_SERVICE_URL", "http://u:p@127.0.0.1/route"), ("Gateway__Routing__Headers__Authorization", "Bearer t")],
            "Gateway:Routing:Headers: has Authorization, and the Url has credentials");

    [Fact]
    public async Task Address_that_cannot_be_read_is_not_shown()
        => (await ShouldFailAsync(
            [("Gateway__Profile", "Distributed"), ("RABBITMQ_URL", "amqp://plain:pa@ss@127.0.0.1:4150")],
            "Gateway:RabbitMq:Url (RABBITMQ_URL): is not an address")).ShouldNotContain("pa@ss");

    [Fact]
    public async Task Redis_options_that_cannot_be_read_are_not_shown()
        => (await ShouldFailAsync(
            [("Gateway__Profile", "Distributed"), ("Gateway__Redis__Options", "password=a,hidden=b")],
            "Gateway:Redis:Options: is not readable")).ShouldNotContain("hidden");

    /// <summary>Kubernetes sets REDIS_PORT in every pod beside a service called redis.</summary>
    [Fact]
    public async Task Settings_of_backends_that_the_profile_does_not_use_are_not_read()
    {
        await using var gateway = GatewayProcess.Launch(
            _folder.Path,
            [
                .. Valid, ("REDIS_PORT", "six thousand"), ("Gateway__RabbitMq__Prefetch", "many"),
                ("Gateway__Mongo__Uri", "http://m"),
            ]);

        await gateway.ReadyAsync();
    }

    [Fact]
    public async Task Credentials_and_query_of_the_routing_url_are_not_shown()
    {
        await using var gateway = await GatewayProcess.StartAsync(
            _folder.Path, ("ROUTING_SERVICE_URL", "http://gateway:s3cret@127.0.0.1:9/v1/routing-service?token=t0ken"),
            ("Gateway__Processing__MaxRetries", "0"), ("Logging__LogLevel__Default", "Debug"));
        var key = await gateway.Client.AcceptedAsync(new Webhooks().Next());
        await Until.TrueAsync(
            () => gateway.Client.EventAsync(key), e => e.GetProperty("lastError").ValueKind == JsonValueKind.String);

        var shown = (await gateway.Client.EventAsync(key)).GetRawText()
            + await gateway.Client.Http.GetStringAsync("/health/ready");
        await gateway.StopAsync();

        gateway.Output.ShouldContain(line => line.Contains("routing service http://127.0.0.1:9/v1/routing-service"));
        foreach (var secret in new[] { "s3cret", "t0ken" })
            string.Join('\n', [shown, .. gateway.Output, .. gateway.Errors]).ShouldNotContain(secret);
    }

    [Theory]
    [InlineData("Ingest")]
    [InlineData("Worker")]
    public async Task Single_role_with_the_embedded_profile_stops_the_start(string role)
        => await ShouldFailAsync([("Gateway__Role", role)], $"Gateway:Role: {role} needs the profile Distributed");

    [Fact]
    public async Task Publish_deadline_beyond_the_ingest_deadline_stops_the_start()
        => await ShouldFailAsync(
            [("Gateway__Profile", "Distributed"), ("Gateway__RabbitMq__PublishDeadline", "00:00:05")],
            "Gateway:RabbitMq:PublishDeadline: must be shorter than Gateway:Webhook:Deadline");

    [Fact]
    public async Task Worker_without_a_routing_service_stops_the_start()
        => await ShouldFailAsync([("ROUTING_SERVICE_URL", "")], "Gateway:Routing:Url (ROUTING_SERVICE_URL): is not set");

    [Theory]
    [InlineData("localhost:3001/route")]
    [InlineData("/v1/routing-service")]
    [InlineData("ftp://routing/route")]
    [InlineData("http://")]
    public async Task Invalid_routing_url_stops_the_start(string url)
        => await ShouldFailAsync([("ROUTING_SERVICE_URL", url)], "Gateway:Routing");

    [Theory]
    [InlineData("Profile")]
    [InlineData("Role")]
    public async Task Unknown_profile_or_role_stops_the_start(string key)
        => await ShouldFailAsync([($"Gateway__{key}", "Embeded")], $"Gateway:{key}: 'Embeded' must be one of");

    [Theory]
    [InlineData("LagBudget", "soon", "Gateway:Health:LagBudget: 'soon' is not a time span")]
    [InlineData("LagBudget", "00:00:00", "Gateway:Health:LagBudget: must be between")]
    [InlineData("NoProgressFor", "2.00:00:00", "Gateway:Health:NoProgressFor: must be between")]
    [InlineData(
        "NoProgressFor", "00:00:26",
        "Gateway:Health:NoProgressFor: must be 00:00:02 longer than Gateway:Processing:AttemptTimeout")]
    public async Task Invalid_health_limit_stops_the_start(string key, string value, string line)
        => await ShouldFailAsync([($"Gateway__Health__{key}", value)], line);

    [Fact]
    public async Task Routing_url_of_this_process_without_its_stub_stops_the_start()
    {
        int port;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        await ShouldFailAsync(
            [("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"),
                ("ROUTING_SERVICE_URL", $"http://localhost:{port}/v1/routing-service")],
            "Gateway:Routing:Url (ROUTING_SERVICE_URL): "
            + $"http://localhost:{port}/v1/routing-service is this process, which has no routing service at that address.");
    }

    [Fact]
    public async Task Port_in_use_stops_the_start()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        await ShouldFailAsync(
            [("ASPNETCORE_ENVIRONMENT", "Development"), ("ASPNETCORE_URLS", ""), ("PORT", $"{port}")], $"{port}");
    }

    [Fact]
    public async Task Second_process_on_the_same_file_stops_its_start()
    {
        await using var first = await GatewayProcess.StartAsync(_folder.Path, Valid);

        await ShouldFailAsync([], "another process already uses");

        first.HasExited.ShouldBeFalse();
    }

    [Fact]
    public async Task Unusable_database_path_stops_the_start()
        => await ShouldFailAsync([("Gateway__Sqlite__Path", "/proc/gateway.db")], "Gateway:Sqlite:Path: /proc/gateway.db");

    [Fact]
    public async Task File_that_is_not_a_database_stops_the_start()
    {
        var path = Path.Combine(_folder.Path, "notes.db");
        await File.WriteAllTextAsync(path, string.Concat(Enumerable.Repeat("These are notes, not pages. ", 200)));

        await ShouldFailAsync([("Gateway__Sqlite__Path", "notes.db")], "Gateway:Sqlite:Path: notes.db is not usable");
    }

    [Fact]
    public async Task Broken_settings_file_stops_the_start()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder.Path, "appsettings.json"), """{ "Gateway": { "Profile" "Embedded" } }""");

        await ShouldFailAsync([], "appsettings.json");
    }

    [Fact]
    public async Task Each_error_of_a_source_has_its_own_line()
        => await ShouldFailAsync(
            [
                ("Gateway__Sources__dhl__Preset", "dhl-push"), ("Gateway__Sources__dhl__Secrets__0__Id", "a"),
                ("Gateway__Sources__dhl__Secrets__0__Value", "dhl-secret-0123456"),
                ("Gateway__Sources__dhl__Verify__Sheme", "token"), ("WORKER_PREFETCH", "many"),
            ],
            "sources:dhl: Merchant is required", "sources:dhl: Verify.Sheme is not a known key", "Gateway:Processing:Prefetch");

    [Fact]
    public async Task Sources_with_the_format_of_the_original_stop_the_start()
        => await ShouldFailAsync(
            [
                ("Gateway__Profile", "Distributed"), ("RABBITMQ_URL", "amqp://127.0.0.1:9"),
                ("MONGODB_URI", "mongodb://127.0.0.1:9/x"), ("Gateway__RabbitMq__PublishFormat", "Nest"),
                ("Gateway__Sources__ups__Preset", "ups"),
                ("Gateway__Sources__ups__Merchant", "m-1"), ("Gateway__Sources__ups__Secrets__0__Id", "a"),
                ("Gateway__Sources__ups__Secrets__0__Value", "ups-secret-0123456"),
            ],
            "Gateway:Sources: sources need Gateway:RabbitMq:PublishFormat=Gateway");

    public void Dispose() => _folder.Dispose();

    private async Task<string> ShouldFailAsync((string, string)[] errors, params string[] lines)
    {
        await using var gateway = GatewayProcess.Launch(_folder.Path, [.. Valid, .. errors]);

        (await gateway.ExitAsync()).ShouldBe(1, gateway.WithOutput("A failed start exits with 1"));
        var output = gateway.WithOutput("Output of the process");
        gateway.Errors.Count.ShouldBe(lines.Length, output);
        for (var i = 0; i < lines.Length; i++) gateway.Errors.ShouldContain(line => line.Contains(lines[i]), output);
        gateway.Errors.Concat(gateway.Output).ShouldNotContain(line => line.Contains("   at "), output);
        return output;
    }
}
