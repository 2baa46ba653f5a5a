using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Host.Tests.Telemetry;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gateway.Host.Tests.Pages;

public sealed partial class HealthTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    [Trait("Defect", "S11")]
    public async Task Root_answers_ok()
    {
        await using var host = GatewayHost.Start();

        (await host.Client.Http.GetStringAsync("/")).ShouldBe("""{"status":"ok"}""");
    }

    [Fact]
    [Trait("Defect", "R18")]
    public async Task Health_answers_as_in_the_original()
    {
        await using var host = GatewayHost.Start();

        var health = await host.Client.GetAsync("/health");

        health.EnumerateObject().Select(member => member.Name).ShouldBe(["status", "timestamp"]);
        health.GetProperty("status").GetString().ShouldBe("ok");
        IsoMilliseconds().IsMatch(health.GetProperty("timestamp").GetString()!).ShouldBeTrue();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/health")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Health_endpoints_answer_head_requests(string path)
    {
        await using var host = GatewayHost.Start();
        using var head = new HttpRequestMessage(HttpMethod.Head, path);

        using var answer = await host.Client.Http.SendAsync(head);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Serving_gateway_is_ready_and_lists_its_checks()
    {
        await using var host = GatewayHost.Start();

        var ready = await host.Client.GetAsync("/health/ready");

        ready.GetProperty("status").GetString().ShouldBe("ready");
        var checks = ready.GetProperty("checks").EnumerateObject().ToList();
        checks.Select(check => check.Name).ShouldBe(["sqlite", "ingest", "worker", "unrouted", "lag"], ignoreOrder: true);
        checks.ShouldAllBe(check => check.Value.GetProperty("healthy").GetBoolean() && check.Value.GetProperty(
            "status").GetString() == "healthy");
        checks.ShouldAllBe(check => check.Value.GetProperty("detail").GetString()!.Length > 0);
    }

    [Fact]
    public async Task Stopping_gateway_is_alive_not_ready_and_answers_webhooks_with_503()
    {
        var host = GatewayHost.Start();
        using var client = host.NewClient();
        var announced = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var goOn = new ManualResetEventSlim();
        using var hold = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() =>
        {
            announced.SetResult();
            goOn.Wait(Until.Timeout);
        });
        var stop = Task.Run(() => host.DisposeAsync().AsTask());

        await announced.Task.WaitAsync(Until.Timeout);
        using var ready = await client.Http.GetAsync("/health/ready");
        using var live = await client.Http.GetAsync("/health/live");
        using var webhook = await client.PostSignedAsync(new Webhooks().Next());
        goOn.Set();
        await stop;

        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        live.StatusCode.ShouldBe(HttpStatusCode.OK);
        webhook.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        webhook.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task Gateway_with_a_broken_store_is_alive_not_ready_and_reports_the_reason()
    {
        await using var gateway = await GatewayProcess.StartAsync(_folder.Path);
        await BreakStoreAsync();

        // Each check keeps its answer for a second.
        var (status, answer) = await Until.TrueAsync(
            () => ReadyAsync(gateway), ready => !StoreOf(ready.Answer).GetProperty("healthy").GetBoolean());
        var scrape = await Until.TrueAsync(
            () => Scrape.OfAsync(gateway.Client), scrape => scrape["gateway_backend_up", "backend=\"sqlite\""] == 0);
        using var live = await gateway.Client.Http.GetAsync("/health/live");

        scrape["gateway_ready"].ShouldBe(0);
        live.StatusCode.ShouldBe(HttpStatusCode.OK);
        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.GetProperty("status").GetString().ShouldBe("not ready");
        StoreOf(answer).GetProperty("detail").GetString()!.ShouldContain("no such table");
    }

    [Fact]
    public async Task Gateway_behind_its_lag_budget_is_degraded_and_ready_and_recovers()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        var goOn = new TaskCompletionSource();
        routing.Answer = (call, _) => FakeRoutingService.HeldBack(goOn.Task, FakeRoutingService.Routed(call));
        // A process of its own: a scrape has the metrics of all hosts of its process.
        await using var gateway = await GatewayProcess.StartAsync(
            _folder.Path, ("Gateway__Health__LagBudget", "00:00:01"), ("Gateway__Routing__Url", routing.Url));
        await gateway.Client.AcceptedAsync(new Webhooks().Next());

        var late = await Until.TrueAsync(gateway.Client.ReadinessAsync, ready => ready.Text("status") == "degraded");
        var lag = late.GetProperty("checks").GetProperty("lag");
        lag.Text("status").ShouldBe("degraded");
        lag.GetProperty("healthy").GetBoolean().ShouldBeFalse();
        lag.Text("detail")!.ShouldContain("the oldest of 1 pending events");
        var scrape = await Until.TrueAsync(
            () => Scrape.OfAsync(gateway.Client), scrape => scrape["gateway_lag_exceeded"] == 1 && scrape["gateway_ready"] == 1);
        scrape["gateway_backend_up", "backend=\"sqlite\""].ShouldBe(1);

        goOn.SetResult();
        await Until.TrueAsync(gateway.Client.ReadinessAsync, ready => ready.Text("status") == "ready");
    }

    [Fact]
    public async Task Details_of_readiness_outside_Development_need_a_key_and_the_status_code_does_not()
    {
        const string key = "a key that operators know";
        await using var host = GatewayHost.Start(("Operator:ApiKey", key), (GatewayHost.EnvironmentName, "Production"));

        (await ManagementPortTests.MembersAsync(host.Client.Http, key)).ShouldBe(["status", "version", "checks"]);
        (await ManagementPortTests.MembersAsync(host.Client.Http, null)).ShouldBe(["status"]);
        (await ManagementPortTests.MembersAsync(host.Client.Http, "a key that nobody has")).ShouldBe(["status"]);
    }

    [Fact]
    public async Task Readiness_report_is_not_cached()
    {
        await using var host = GatewayHost.Start();

        using var ready = await host.Client.Http.GetAsync("/health/ready");

        ready.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    public void Dispose() => _folder.Dispose();

    private static JsonElement StoreOf(JsonElement answer) => answer.GetProperty("checks").GetProperty("sqlite");

    private static async Task<(HttpStatusCode Status, JsonElement Answer)> ReadyAsync(GatewayProcess gateway)
    {
        using var answer = await gateway.Client.Http.GetAsync("/health/ready");
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }

    private async Task BreakStoreAsync()
    {
        await using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(_folder.Path, "data", "gateway.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "DROP TABLE probe";
        await command.ExecuteNonQueryAsync();
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
    private static partial Regex IsoMilliseconds();
}
