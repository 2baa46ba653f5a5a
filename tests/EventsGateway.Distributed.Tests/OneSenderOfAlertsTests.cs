using System.Text.Json;
using Gateway.EventsGateway.Findings;
using Gateway.EventsGateway.Monitoring.Processes;
using Gateway.EventsGateway.Tests.Features.SendAlerts.EndToEnd;
using Gateway.Shared.Redis;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Gateway.EventsGateway.Distributed.Tests;

/// <summary>Several processes see the same findings, and one of them sends.</summary>
public sealed class OneSenderOfAlertsTests
{
    [Fact]
    public async Task One_of_two_processes_sends_and_the_other_goes_on_when_it_ends()
    {
        await using var receiver = await AlertReceiver.StartAsync();
        var sandbox = (await Backends.SharedAsync()).NewSandbox();
        await using var first = Start(sandbox, receiver);
        await using var second = Start(sandbox, receiver);
        Set([first, second], "lag");
        await receiver.CameAsync(1);
        Set([first, second], "lag", "duplicates");
        await receiver.CameAsync(2);
        // Until the sender has published what the receiver knows.
        await Task.WhenAll(first.Client.CountsAsync(), second.Client.CountsAsync());
        await PublishedAsync(first, 2);

        var sender = await SenderOfAsync(first) ? first : second;
        var other = sender == first ? second : first;
        await sender.StopAsync();
        Set([other], "lag", "duplicates", "accept-slow");

        await receiver.CameAsync(3);
        receiver.All.Select(one => one.Finding).ShouldBe(["began lag", "began duplicates", "began accept-slow"]);
    }

    [Fact]
    public async Task Process_that_cannot_read_what_the_receiver_knows_sends_nothing_until_it_can()
    {
        await using var receiver = await AlertReceiver.StartAsync();
        var backends = await Backends.SharedAsync();
        var sandbox = backends.NewSandbox();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(backends.Redis.Endpoint);
        var (redis, prefix) = (connection.GetDatabase(), sandbox["Idempotency:KeyPrefix"].TrimEnd(':'));
        // No hash: it cannot be read. The lease has a key of its own.
        await redis.StringSetAsync($"{prefix}-alerts", "no hash");
        await using var host = Start(sandbox, receiver);
        Set([host], "lag");
        await Until.TrueAsync(() => redis.KeyExistsAsync($"{prefix}-alerts-lease"), exists => exists);

        await host.Services.GetRequiredService<ProcessBoard>().WriteAsync(
            "known", "another", JsonSerializer.Serialize(AlertReceiver.StatusOf("lag").Findings, JsonSerializerOptions.Web));
        await redis.KeyRenameAsync($"{prefix}-known", $"{prefix}-alerts");
        Set([host], "lag", "duplicates");

        (await receiver.CameAsync(1)).Select(one => one.Finding).ShouldBe(["began duplicates"]);
    }

    [Fact]
    public async Task Finding_of_another_process_is_in_the_status_of_each()
    {
        var sandbox = (await Backends.SharedAsync()).NewSandbox();
        await using var ingest = GatewayHost.Start([.. Settings(sandbox), ("Role", "Ingest")]);
        await using var worker = GatewayHost.Start([.. Settings(sandbox), ("Role", "Worker")]);
        for (var i = 0; i < 3; i++)
        {
            using var request = ingest.Client.SignedRequest(new Webhooks().Next().ToBytes());
            request.Headers.Remove(Signature.Header);
            using var answer = await ingest.Client.Http.SendAsync(request);
        }

        var status = await Until.TrueAsync(
            () => worker.Client.GetAsync("/v1/events-gateway/status"),
            status => status.GetProperty("findings").EnumerateArray().Any(one => one.Text("id") == "source-fails"));

        status.Text("state").ShouldBe("attention");
        status.GetProperty("findings").EnumerateArray().Single(one => one.Text("id") == "source-fails")
            .Text("text")!.ShouldContain("signature is missing");
    }

    private static GatewayHost Start(IReadOnlyDictionary<string, string> sandbox, AlertReceiver receiver)
        => GatewayHost.Start(
            AlertHosts.WithoutMonitor,
            [.. Settings(sandbox), ("Alerts:Webhook", receiver.Url), ("Alerts:Secret", "a secret of sixteen bytes")]);

    private static IEnumerable<(string, string)> Settings(IReadOnlyDictionary<string, string> sandbox)
        => sandbox.Select(setting => (setting.Key, setting.Value));

    private static void Set(GatewayHost[] hosts, params string[] ids)
    {
        var status = AlertReceiver.StatusOf(ids);
        foreach (var host in hosts) host.Services.GetRequiredService<CurrentStatus>().Latest = status;
    }

    private static async Task PublishedAsync(GatewayHost asked, int findings)
        => await Until.TrueAsync(
            () => asked.Services.GetRequiredService<ProcessBoard>().ReadAsync("alerts"),
            notes => notes.Any(note => note.Text.Split("\"id\"").Length == findings + 1));

    /// <summary>It holds the lease, which another process would not get.</summary>
    private static async Task<bool> SenderOfAsync(GatewayHost host)
        => await host.Services.GetRequiredService<OtherProcesses>()
            .TakeLeaseAsync("alerts", TimeSpan.FromSeconds(20));
}
