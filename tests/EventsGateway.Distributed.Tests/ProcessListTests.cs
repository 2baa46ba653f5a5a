using System.Net;
using System.Text.Json;
using Gateway.Shared.Mongo;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;

namespace Gateway.EventsGateway.Distributed.Tests;

/// <summary>Each process of a gateway knows the others.</summary>
public sealed class ProcessListTests
{
    [Fact]
    public async Task Every_process_is_listed_by_each_of_them_with_role_state_and_slots()
    {
        var sandbox = (await Backends.SharedAsync()).NewSandbox();
        await using var ingest = Start(sandbox, "Ingest");
        await using var worker = Start(sandbox, "Worker");

        foreach (var asked in new[] { ingest, worker })
        {
            var listed = await ListedAsync(asked, all => all.Count == 2 && all.All(one => one.Text("state") == "ready"));
            listed.Select(one => one.Text("role")).ShouldBe(["Ingest", "Worker"], ignoreOrder: true);
            listed.Single(one => one.Text("role") == "Worker").GetProperty("slots").GetInt64().ShouldBeGreaterThan(0);
            listed.Select(one => one.Text("id")).ShouldBeUnique();
        }
    }

    [Fact]
    public async Task Process_that_stops_says_so()
    {
        var sandbox = (await Backends.SharedAsync()).NewSandbox();
        await using var worker = Start(sandbox, "Worker");
        await using (var ingest = Start(sandbox, "Ingest"))
            await ListedAsync(ingest, all => all.Count == 2);

        var stopped = await ListedAsync(worker, all => all.Exists(one => one.Text("state") == "stopped"));

        stopped.Single(one => one.Text("state") == "stopped").Text("role").ShouldBe("Ingest");
    }

    [Fact]
    public async Task Rejected_requests_of_all_processes_are_listed()
    {
        var sandbox = (await Backends.SharedAsync()).NewSandbox();
        await using var ingest = Start(sandbox, "Ingest");
        await using var worker = Start(sandbox, "Worker");
        using var request = ingest.Client.SignedRequest(new Webhooks().Next().ToBytes());
        request.Headers.Remove(Signature.Header);
        request.Headers.Add(Signature.Header, "00");
        using (var answer = await ingest.Client.Http.SendAsync(request)) answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        var page = await Until.TrueAsync(
            () => worker.Client.GetAsync("/v1/events-gateway/rejections"),
            page => page.GetProperty("items").GetArrayLength() == 1);

        page.GetProperty("items")[0].Text("reason").ShouldBe("invalid_signature");
        page.GetProperty("items")[0].Text("host").ShouldBe(Environment.MachineName);
        page.GetProperty("fault").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task History_of_a_process_without_a_store_is_stored_by_another()
    {
        var sandbox = (await Backends.SharedAsync()).NewSandbox();
        await using var worker = Start(sandbox, "Worker");
        // The address of the configuration file names no store.
        var withoutStore = new Dictionary<string, string>(sandbox) { ["Mongo:Uri"] = new MongoOptions().Uri };
        await using var ingest = Start(withoutStore, "Ingest");
        await ingest.Client.AcceptedAsync(new Webhooks().Next());
        (await AcceptedAsync(ingest)).ShouldBe(1);
        await Until.TrueAsync(() => AcceptedAsync(worker), accepted => accepted == 1);
        await ingest.StopAsync();

        (await AcceptedAsync(worker)).ShouldBe(1);
        (await AcceptedAsync(worker, $"?process={Environment.MachineName}")).ShouldBe(1);
        (await AcceptedAsync(worker, "?step=300")).ShouldBe(1);

        static async Task<long> AcceptedAsync(GatewayHost host, string query = "")
            => (await host.Client.GetAsync($"/v1/events-gateway/history{query}")).GetProperty("points").EnumerateArray()
                .Sum(point => point.GetProperty("accepted") is { ValueKind: JsonValueKind.Number } count ? count.GetInt64() : 0);
    }

    [Fact]
    public async Task List_without_Redis_has_this_process_and_says_why()
    {
        var sandbox = (await Backends.SharedAsync()).NewSandbox();
        await using var worker = GatewayHost.Start([
            .. sandbox.Select(setting => (setting.Key, setting.Value)), ("Role", "Worker"), ("Redis:Port", "1")]);

        var page = await Until.TrueAsync(
            () => worker.Client.GetAsync("/v1/events-gateway/processes"),
            page => page.GetProperty("fault").ValueKind == JsonValueKind.String);

        page.GetProperty("items").EnumerateArray().ShouldHaveSingleItem().Text("role").ShouldBe("Worker");
        page.Text("fault").ShouldNotBeNullOrEmpty();
    }

    private static GatewayHost Start(IReadOnlyDictionary<string, string> sandbox, string role)
        => GatewayHost.Start([.. sandbox.Select(setting => (setting.Key, setting.Value)), ("Role", role)]);

    private static async Task<List<JsonElement>> ListedAsync(GatewayHost asked, Func<List<JsonElement>, bool> isEnough)
        => await Until.TrueAsync(
            async () => (await asked.Client.GetAsync("/v1/events-gateway/processes"))
                .GetProperty("items").EnumerateArray().ToList(),
            isEnough);
}
