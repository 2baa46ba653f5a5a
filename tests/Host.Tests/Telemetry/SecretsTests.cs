using System.Net.Http.Json;
using System.Text;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.Telemetry;

/// <summary>No output of a full run has a secret: not its log, its pages, its answers, its metrics nor its arguments.</summary>
public sealed class SecretsTests : IDisposable
{
    private const string Webhook = "leak-webhook-0123456789", Key = "leak-operator-0123456789", Source = "leak-source-0123456789";
    private const string Routing = "leak-routing-0123456789", Header = "leak-header-0123456789";
    private const string RabbitMq = "leak-rabbitmq-0123456789", Redis = "leak-redis-0123456789", Mongo = "leak-mongo-0123456789";

    private static readonly string[] Pages =
    [
        "/", "/health", "/health/ready", "/metrics", "/console", "/console/session", "/openapi/v1.json", "/docs",
        "/v1/events-gateway/events", "/v1/events-gateway/failures", "/v1/events-gateway/rejections", "/v1/events-gateway/audit",
        "/v1/events-gateway/sources", "/v1/events-gateway/sources/courier", "/v1/events-gateway/processes", "/nothing",
    ];

    private readonly TempFolder _folder = new();
    private readonly StringBuilder _seen = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task No_output_of_a_full_run_has_a_secret()
    {
        // The address of the routing service refuses connections.
        await using var gateway = GatewayProcess.Launch(_folder.Path, Settings([
            ("Gateway__Sqlite__Path", $"{_folder.Path}/g.db"),
        ]));
        await gateway.ReadyAsync();

        await SendAsync(gateway);
        await Until.TrueAsync(() => gateway.Output.Any(line => line.Contains("is pending again")));
        await ReadAsync(gateway);

        await StopAsync(gateway);
        // The run has gone through what it is about.
        foreach (var text in new[] { "login", "invalid_signature", "gateway_events_accepted", "courier", "Connection refused" })
            _seen.ToString().ShouldContain(text);
        ShouldHaveNoSecret();
    }

    [Fact]
    public async Task No_fault_of_a_backend_has_its_password()
    {
        await using var gateway = GatewayProcess.Launch(_folder.Path, Settings([
            ("Gateway__Profile", "Distributed"), ("Gateway__RabbitMq__Url", $"amqp://user:{RabbitMq}@127.0.0.1:9"),
            ("Gateway__Redis__Host", "127.0.0.1"), ("Gateway__Redis__Port", "9"), ("Gateway__Redis__Password", Redis),
            ("Gateway__Mongo__Uri", $"mongodb://user:{Mongo}@127.0.0.1:9/gateway?serverSelectionTimeoutMS=500"),
        ]));
        await gateway.ListeningAsync();

        await SendAsync(gateway);
        await ReadAsync(gateway);

        await StopAsync(gateway);
        _seen.ToString().ShouldContain("RabbitMQ");
        ShouldHaveNoSecret();
    }

    [Theory]
    [InlineData("Gateway__RabbitMq__Url", $"amqp:/user:{RabbitMq}@ host:x")]
    [InlineData("Gateway__Mongo__Uri", $"mongodb:/user:{Mongo}@ host:x")]
    [InlineData("Gateway__Mongo__Uri", $"mongodb://user:{Mongo}@host:99999/gateway")]
    [InlineData("Gateway__Routing__Url", $"http:/user:{Routing}@ host:x")]
    public async Task No_startup_error_has_a_secret(string name, string value)
    {
        await using var gateway = GatewayProcess.Launch(_folder.Path, Settings(
            [("Gateway__Profile", "Distributed"), ("Gateway__SourcesFile", "absent.json"), (name, value)]));

        (await gateway.ExitAsync()).ShouldBe(1);

        See(string.Join('\n', [.. gateway.Output, .. gateway.Errors]));
        _seen.ToString().ShouldContain(name.Replace("Gateway__", "").Split('_')[0]);
        ShouldHaveNoSecret();
    }

    private IEnumerable<(string, string)> Settings(IEnumerable<(string, string)> others)
    {
        var sources = Path.Combine(_folder.Path, "sources.json");
        File.WriteAllText(sources, $$"""
            { "courier": {
                "Preset": "token", "Merchant": "m-1", "Secrets": [{ "Id": "a", "Value": "{{Source}}" }],
                "Verify": { "Signature": "{header.X-Token}" },
                "Map": { "Id": "$.id", "Shipment": "$.shipment", "Type": "$.state" } } }
            """);
        return
        [
            ("ASPNETCORE_ENVIRONMENT", "Production"), ("Gateway__Webhook__Secret", Webhook), ("Gateway__Operator__ApiKey", Key),
            ("Gateway__SourcesFile", sources), ("Gateway__Routing__Url", $"http://user:{Routing}@127.0.0.1:9/route"),
            ("Gateway__Routing__Headers__X-Token", Header), ("Gateway__Processing__MaxRetries", "1"),
            ("Logging__LogLevel__Default", "Debug"), .. others,
        ];
    }

    /// <summary>What senders and operators do, also with a secret in a wrong place.</summary>
    private async Task SendAsync(GatewayProcess gateway)
    {
        var body = new Webhooks().Next().ToBytes();
        foreach (var secret in new[] { Webhook, "another secret" })
        {
            using var client = gateway.NewClient(secret);
            await SeeAsync(client.Http, client.SignedRequest(body));
        }

        using var http = new HttpClient { BaseAddress = gateway.Address };
        foreach (var (path, header, value) in new[]
            {
                ("/v1/sources/courier", "X-Token", Source), ("/v1/sources/courier", "X-Token", $"{Source}x"),
                ("/v1/events-gateway", "x-signature", Webhook), ("/v1/events-gateway", "Authorization", $"Bearer {Source}"),
                ("/v1/events-gateway/replays", "X-Api-Key", $"{Key}x"), ("/v1/events-gateway/replays", "X-Api-Key", Key),
            })
        {
            var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = JsonContent.Create(new { id = "1", shipment = "s", state = "x" }),
            };
            request.Headers.TryAddWithoutValidation(header, value);
            await SeeAsync(http, request);
        }

        foreach (var key in new[] { $"{Key}x", Key })
        {
            await SeeAsync(http, new HttpRequestMessage(HttpMethod.Post, "/console/session")
            {
                Content = JsonContent.Create(new { key }), Headers = { { "x-gateway-console", "1" } },
            });
        }
    }

    private async Task ReadAsync(GatewayProcess gateway)
    {
        using var http = new HttpClient { BaseAddress = gateway.Address, DefaultRequestHeaders = { { "X-Api-Key", Key } } };
        foreach (var page in Pages) await SeeAsync(http, new HttpRequestMessage(HttpMethod.Get, page));
        if (OperatingSystem.IsLinux()) See(await File.ReadAllTextAsync($"/proc/{gateway.Id}/cmdline"));
    }

    private async Task StopAsync(GatewayProcess gateway)
    {
        await gateway.StopAsync();
        See(string.Join('\n', [.. gateway.Output, .. gateway.Errors]));
    }

    private async Task SeeAsync(HttpClient http, HttpRequestMessage request)
    {
        using (request)
        using (var answer = await http.SendAsync(request))
            See($"{answer}\n{await answer.Content.ReadAsStringAsync()}");
    }

    private void See(string text) => _seen.AppendLine(text);

    private void ShouldHaveNoSecret()
    {
        var seen = _seen.ToString();
        string[] secrets = [Webhook, Key, Source, Routing, Header, RabbitMq, Redis, Mongo];
        foreach (var form in secrets.SelectMany(one => new[] { one, Convert.ToBase64String(Encoding.UTF8.GetBytes(one)) }))
            seen.Split('\n').Where(line => line.Contains(form, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
    }
}
