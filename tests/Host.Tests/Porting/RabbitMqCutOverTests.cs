using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Gateway.Host.Tests.CrashDrill;
using Gateway.Host.Tests.FaultDrills;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.Porting;

/// <summary>docs/porting/4-cut-over.md with the RabbitMQ version: there, back, and there again, with kills.</summary>
[Collection(FaultDrillCollection.Name)]
public sealed class RabbitMqCutOverTests(DrillBackends backends, ITestOutputHelper output)
{
    private const string Return = $"{GatewayClient.BasePath}/return";

    /// <summary>As observed on the running original.</summary>
    [Fact]
    public void Message_of_the_fake_is_that_of_the_original()
        => Encoding.UTF8.GetString(RabbitMqOriginal.MessageOf(new Webhook
        {
            EventId = "é\"1", MerchantId = "m", ShippingCompanyId = "dhl", ShipmentId = "s", Type = "SHIPMENT_CREATED",
            OccurredAt = "2026-02-25T14:30:00Z", Payload = new { weight = 1.5 },
        })).ShouldBe(
            """
            {"pattern":"process-event","data":{"eventId":"é\"1","merchantId":"m","shippingCompanyId":"dhl",
            "shipmentId":"s","type":"SHIPMENT_CREATED","occurredAt":"2026-02-25T14:30:00Z","payload":{"weight":1.5}}}
            """.ReplaceLineEndings(""));

    [Fact]
    public Task RabbitMq_version_is_replaced_comes_back_and_is_replaced_again() => Drill.RunAsync(backends, output, async drill =>
    {
        var queue = $"{drill.Sandbox["RabbitMq:Exchange"]}.nest";
        (string, string)[] beside = [("RabbitMq:NestQueue", queue), ("RabbitMq:PublishFormat", "Nest")];
        var record = new CutOverRecord(drill);
        await using var stub = await RoutingStub.StartAsync(delayMs: 30);
        drill.Settings.AddRange(Drill.LongDeadlines);
        drill.Settings.AddRange(beside);

        // The original alone, then behind our ingest.
        await using var original = await RabbitMqOriginal.StartAsync(drill, queue);
        foreach (var webhook in record.Take(30)) await original.AcceptAsync(webhook);
        await original.WorkAsync(RabbitMqOriginal.Prefetch);
        record.DoneByOriginal.UnionWith(original.Handled.Select(IdOf));
        var ingest = await drill.IngestAsync();
        await ingest.ReadyAsync();
        await CutOverRecord.PostAsync(ingest, record.Take(20));
        await ingest.KillAsync();
        await ingest.StartAsync();
        await CutOverRecord.PostAsync(ingest, record.Take(20));

        // Our worker beside its consumer: readiness names it.
        var worker = await drill.WorkerAsync(stub.Url);
        await Until.TrueAsync(
            async () => (await worker.Client.ReadinessAsync()).GetRawText(),
            health => health.Contains("consumers of another program", StringComparison.Ordinal), Accounting.Timeout);
        await Until.TrueAsync(() => worker.Process.Output.Any(line => line.Contains("[242]", StringComparison.Ordinal)));
        await original.DisposeAsync();
        await worker.KillAsync();
        await worker.StartAsync();
        await worker.ReadyAsync();
        (await worker.Client.GetAsync(Return)).GetProperty("safe").GetBoolean().ShouldBeFalse("it reads the original's queue");

        // Our ingest writes into our queue; our workers read both.
        var second = await drill.WorkerAsync(stub.Url);
        await ingest.KillAsync();
        drill.Settings.Remove(beside[1]);
        ingest = await drill.IngestAsync();
        await ingest.ReadyAsync();
        await CutOverRecord.PostAsync(ingest, record.Take(30));
        await worker.KillAsync();
        await worker.StartAsync();
        await using var later = await RabbitMqOriginal.StartAsync(drill, queue);
        await record.ShouldAddUpAsync(worker.Client, stub, later.Rows);
        (await later.WaitingAsync()).ShouldBe(0u);
        (await worker.Client.ReadinessAsync()).GetRawText().ShouldNotContain("of another program", customMessage: "two of ours");

        // Back: our worker finishes without the original's queue, our ingest writes in its format.
        await ingest.KillAsync();
        await Task.WhenAll(worker.Process.StopAsync(), second.Process.StopAsync());
        drill.Settings.Remove(beside[0]);
        worker = await drill.WorkerAsync(stub.Url);
        await Until.TrueAsync(
            () => worker.Client.GetAsync(Return), check => check.GetProperty("safe").GetBoolean(), Accounting.Timeout);
        using (var prepared = await worker.Client.Http.PostAsync(Return, null))
            (await prepared.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("prepared").GetBoolean().ShouldBeTrue();
        await worker.KillAsync();
        drill.Settings.AddRange(beside);
        ingest = await drill.IngestAsync();
        await ingest.ReadyAsync();
        var taken = record.Take(RabbitMqOriginal.Prefetch);
        await CutOverRecord.PostAsync(ingest, taken);
        await later.WorkAsync(taken.Count);
        later.Handled.ShouldBe(taken.Select(RabbitMqOriginal.MessageOf), ignoreOrder: true);
        record.DoneByOriginal.UnionWith(taken.Select(webhook => webhook.EventId));
        foreach (var webhook in record.Take(15)) await later.AcceptAsync(webhook);

        // There again: the index that it would have created is dropped.
        await later.DisposeAsync();
        drill.Settings.Add(("Mongo:DropLegacyIndexes", "true"));
        worker = await drill.WorkerAsync(stub.Url);
        await worker.ReadyAsync();
        await using var last = await RabbitMqOriginal.StartAsync(drill, queue);
        await record.ShouldAddUpAsync(worker.Client, stub, last.Rows);
        (await last.WaitingAsync()).ShouldBe(0u);
    });

    private static string IdOf(byte[] message)
        => JsonDocument.Parse(message).RootElement.GetProperty("data").GetProperty("eventId").GetString()!;
}
