using System.Net;
using System.Net.Sockets;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.Configuration;

/// <summary>A process that must not run says why, one line per mistake, and ends with 1.</summary>
public sealed class StartupErrorsTests : IDisposable
{
    private static readonly (string, string)[] Sound =
        [("WEBHOOK_SECRET", GatewayHost.Secret), ("ROUTING_SERVICE_URL", "http://127.0.0.1:9/route")];

    private readonly TempFolder _folder = new();

    [Fact]
    public async Task A_missing_secret_stops_the_start()
        => await ShouldRefuseAsync([("WEBHOOK_SECRET", "")], "Gateway:Webhook:Secret (WEBHOOK_SECRET): is not set");

    [Fact]
    public async Task A_short_secret_stops_the_start()
        => await ShouldRefuseAsync([("WEBHOOK_SECRET", "fifteen-bytes-x")], "must have at least 16 bytes");

    [Theory]
    [InlineData("my-secret-key-123")]
    [InlineData("change-me-in-production")]
    [InlineData("development-secret-not-for-production")]
    public async Task R12_B12_a_published_secret_stops_the_start(string secret)
        => await ShouldRefuseAsync([("WEBHOOK_SECRET", secret)], "is a published example");

    [Theory]
    [InlineData("abc")]
    [InlineData("0")]
    public async Task R22_a_prefetch_that_is_no_count_stops_the_start(string prefetch)
        => await ShouldRefuseAsync([("WORKER_PREFETCH", prefetch)], "Gateway:Processing:Prefetch (WORKER_PREFETCH)");

    [Theory]
    [InlineData("Gateway__Processing__Prefetsch", "Gateway:Processing:Prefetsch: is not a known key")]
    [InlineData("Gateway__Procesing__Prefetch", "Gateway:Procesing: is not a known key")]
    public async Task An_unknown_key_stops_the_start(string variable, string line)
        => await ShouldRefuseAsync([(variable, "5")], line);

    [Fact]
    public async Task A_console_that_is_neither_on_nor_off_stops_the_start()
        => await ShouldRefuseAsync([("Gateway__Console__Enabled", "perhaps")], "Gateway:Console:Enabled: 'perhaps' is not true or false");

    [Theory]
    [InlineData("ProcessedAfter", "-1.00:00:00")]
    [InlineData("ProcessedAfter", "a month")]
    [InlineData("DedupHorizon", "00:00:00")]
    [InlineData("Audit", "00:00:00")]
    [InlineData("Sweep", "00:00:00")]
    public async Task An_age_that_is_none_stops_the_start(string key, string age)
        => await ShouldRefuseAsync([($"Gateway__Retention__{key}", age)], $"Gateway:Retention:{key}: ");

    [Fact]
    public async Task Every_mistake_has_a_line_of_its_own()
        => await ShouldRefuseAsync(
            [("WEBHOOK_SECRET", ""), ("ROUTING_SERVICE_URL", ""), ("WORKER_PREFETCH", "many"), ("WORKER_MAX_RETRIES", "-1")],
            "Gateway:Webhook:Secret", "Gateway:Routing:Url", "Gateway:Processing:Prefetch", "Gateway:Processing:MaxRetries");

    [Fact]
    public async Task A_broker_url_without_a_profile_that_uses_it_stops_the_start()
        => await ShouldRefuseAsync([("RABBITMQ_URL", "amqp://127.0.0.1")], "set Gateway:Profile=Distributed");

    [Theory]
    [InlineData("Ingest")]
    [InlineData("Worker")]
    public async Task A_part_of_the_embedded_gateway_stops_the_start(string role)
        => await ShouldRefuseAsync([("Gateway__Role", role)], $"Gateway:Role: {role} needs the profile Distributed");

    [Fact]
    public async Task A_publish_that_may_outlast_its_sender_stops_the_start()
        => await ShouldRefuseAsync(
            [("Gateway__Profile", "Distributed"), ("Gateway__RabbitMq__PublishDeadline", "00:00:05")],
            "Gateway:RabbitMq:PublishDeadline: must be shorter than Gateway:Webhook:Deadline");

    [Fact]
    public async Task Events_without_anywhere_to_go_stop_the_start()
        => await ShouldRefuseAsync([("ROUTING_SERVICE_URL", "")], "Gateway:Routing:Url (ROUTING_SERVICE_URL): is not set");

    [Theory]
    [InlineData("localhost:3001/route")]
    [InlineData("/v1/routing-service")]
    [InlineData("ftp://routing/route")]
    [InlineData("http://")]
    public async Task A_routing_url_that_nobody_can_call_stops_the_start(string url)
        => await ShouldRefuseAsync([("ROUTING_SERVICE_URL", url)], "Gateway:Routing");

    [Theory]
    [InlineData("Profile")]
    [InlineData("Role")]
    public async Task A_profile_or_role_that_does_not_exist_stops_the_start(string key)
        => await ShouldRefuseAsync([($"Gateway__{key}", "Embeded")], $"Gateway:{key}: 'Embeded' must be one of");

    [Theory]
    [InlineData("LagBudget", "soon", "Gateway:Health:LagBudget: 'soon' is not a time span")]
    [InlineData("LagBudget", "00:00:00", "Gateway:Health:LagBudget: must be between")]
    [InlineData("NoProgressFor", "2.00:00:00", "Gateway:Health:NoProgressFor: must be between")]
    [InlineData("NoProgressFor", "00:00:26", "Gateway:Health:NoProgressFor: must be 00:00:02 longer than Gateway:Processing:AttemptTimeout (00:00:25)")]
    public async Task A_limit_that_health_cannot_keep_stops_the_start(string key, string value, string line)
        => await ShouldRefuseAsync([($"Gateway__Health__{key}", value)], line);

    [Fact]
    public async Task A_port_that_is_taken_stops_the_start()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        await ShouldRefuseAsync(
            [("ASPNETCORE_ENVIRONMENT", "Development"), ("ASPNETCORE_URLS", ""), ("PORT", $"{port}")], $"{port}");
    }

    [Fact]
    public async Task A_second_process_on_the_same_file_stops_its_start()
    {
        await using var first = await GatewayProcess.StartAsync(_folder.Path, Sound);

        await ShouldRefuseAsync([], "another process already uses");

        first.HasExited.ShouldBeFalse();
    }

    [Fact]
    public async Task A_database_path_that_cannot_be_opened_stops_the_start()
        => await ShouldRefuseAsync([("Gateway__Sqlite__Path", "/proc/gateway.db")], "Gateway:Sqlite:Path: /proc/gateway.db");

    [Fact]
    public async Task A_file_that_is_no_database_stops_the_start()
    {
        var path = Path.Combine(_folder.Path, "notes.db");
        await File.WriteAllTextAsync(path, string.Concat(Enumerable.Repeat("These are notes, not pages. ", 200)));

        await ShouldRefuseAsync([("Gateway__Sqlite__Path", "notes.db")], "Gateway:Sqlite:Path: notes.db is not usable");
    }

    [Fact]
    public async Task A_broken_settings_file_stops_the_start()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "appsettings.json"), """{ "Gateway": { "Profile" "Embedded" } }""");

        await ShouldRefuseAsync([], "appsettings.json");
    }

    public void Dispose() => _folder.Dispose();

    private async Task ShouldRefuseAsync((string, string)[] mistakes, params string[] lines)
    {
        await using var gateway = GatewayProcess.Launch(_folder.Path, [.. Sound, .. mistakes]);

        (await gateway.ExitAsync()).ShouldBe(1, gateway.WithOutput("A start that is refused ends with 1"));
        var told = gateway.WithOutput("What the process said");
        gateway.Errors.Count.ShouldBe(lines.Length, told);
        for (var i = 0; i < lines.Length; i++) gateway.Errors.ShouldContain(line => line.Contains(lines[i]), told);
        gateway.Errors.Concat(gateway.Output).ShouldNotContain(line => line.Contains("   at "), told);
    }
}
