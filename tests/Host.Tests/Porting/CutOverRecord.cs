using Gateway.Host.Tests.CrashDrill;
using Gateway.Host.Tests.FaultDrills;
using Gateway.TestSupport;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.Host.Tests.Porting;

/// <summary>What was sent to either side, and the exact account of it: nothing lost, nothing twice.</summary>
internal sealed class CutOverRecord(Drill drill)
{
    private static readonly string[] MayHaveBeenRouted = ["abandoned", "timed-out", "connection-lost"];

    private readonly Webhooks _webhooks = new(drill.Seed);
    private readonly HashSet<string> _sent = [];

    /// <summary>The ids of events that the original has processed; the gateway must not route them.</summary>
    public HashSet<string> DoneByOriginal { get; } = [];

    /// <summary>Of one merchant and courier, as the original stored only one row of an id.</summary>
    public IReadOnlyList<Webhook> Take(int count)
    {
        var some = _webhooks.Take(count).Select(one => one with { ShippingCompanyId = "dhl", MerchantId = "m-1" }).ToList();
        _sent.UnionWith(some.Select(one => one.EventId));
        return some;
    }

    /// <summary>Sends as a sender does: again until it is accepted.</summary>
    public static async Task PostAsync(Replica ingest, IEnumerable<Webhook> some)
    {
        foreach (var webhook in some)
        {
            await Until.TrueAsync(async () =>
            {
                using var answer = await ingest.Client.PostSignedAsync(webhook);
                return (int)answer.StatusCode;
            }, status => status == 202, Accounting.Timeout);
        }
    }

    /// <summary>Each event is one row; processed once: by the original, or routed here.</summary>
    public async Task ShouldAddUpAsync(GatewayClient worker, RoutingStub stub, IMongoCollection<BsonDocument> rows)
    {
        await Until.TrueAsync(
            () => rows.CountDocumentsAsync(new BsonDocument()), count => count >= _sent.Count, Accounting.Timeout);
        await worker.SettledAsync(Accounting.Timeout);
        var stored = await rows.Find(new BsonDocument()).ToListAsync();
        stored.GroupBy(row => row["eventId"].AsString).Where(row => row.Count() > 1).Select(row => row.Key)
            .ShouldBeEmpty("twice");
        stored.Select(row => row["eventId"].AsString).ShouldBe(_sent, ignoreOrder: true);
        stored.Where(row => row["status"] != "processed").Select(row => row.ToString()).ShouldBeEmpty("not processed");

        var routes = await stub.KeysAsync();
        routes.Keys.ShouldBe(_sent.Except(DoneByOriginal).Select(id => $"dhl.{id}"), ignoreOrder: true);
        foreach (var (key, route) in routes.Where(route => route.Value.Answers > 1))
        {
            var attempts = (await worker.EventAsync(key)).GetProperty("attempts").EnumerateArray();
            (route.Answers - 1).ShouldBeLessThanOrEqualTo(
                attempts.Count(attempt => MayHaveBeenRouted.Contains(Accounting.Text(attempt, "result"))), key);
        }

        drill.Report(
            $"{_sent.Count} sent = {stored.Count} rows, {DoneByOriginal.Count} processed by the original, {routes.Count} routed; "
            + "0 lost, 0 twice");
    }
}
