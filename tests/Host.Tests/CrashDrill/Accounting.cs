using System.Collections.Concurrent;
using System.Text.Json;
using Gateway.Host.Tests.CrashDrill.Sources;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.CrashDrill;

/// <summary>Compares what senders, gateway and routing service know once no event is pending.</summary>
internal static class Accounting
{
    /// <summary>An abandoned event waits for up to a minute, several times.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    private static readonly string[] MayHaveBeenRouted = ["abandoned", "timed-out", "connection-lost"];

    public static Task ShouldAddUpAsync(GatewayClient gateway, Senders senders, RoutingStub stub)
        => ShouldAddUpAsync(gateway, senders.LostFrom, stub);

    /// <param name="gateway">Lists the events.</param>
    /// <param name="lostFrom">Of the stored keys: what is missing.</param>
    /// <param name="stub">The routing service.</param>
    public static async Task ShouldAddUpAsync(
        GatewayClient gateway, Func<IEnumerable<string>, IReadOnlyList<string>> lostFrom, RoutingStub stub)
    {
        await gateway.SettledAsync(Timeout);
        var rows = (await gateway.EventsAsync()).ToDictionary(row => Text(row, "key")!);
        var routes = await stub.KeysAsync();
        var counts = await Counts.OfAsync(gateway);

        counts.Accepted.ShouldBe(rows.Count);
        lostFrom(rows.Keys).ShouldBeEmpty("answered with success and lost");
        rows.Values.Where(row => !HasExpectedOutcome(row)).Select(row => row.GetRawText()).ShouldBeEmpty("unexpected outcome");
        rows.Values.Where(IsRouted).ShouldNotBeEmpty();
        rows.Values.Where(IsRouted)
            .Where(row => !routes.TryGetValue(Text(row, "key")!, out var route) || route.RouteId != Text(row, "routeId"))
            .Select(row => row.GetRawText()).ShouldBeEmpty("the routing service has another route, or none");
        routes.Keys.Except(rows.Keys).ShouldBeEmpty("routed, but never accepted");
        await RepetitionsShouldBeExplainedAsync(gateway, rows, routes);
    }

    /// <summary>Waits until no event is queued or pending, and every accepted event is a row.</summary>
    public static async Task QuietAsync(GatewayClient gateway, Senders senders)
    {
        await Until.TrueAsync(() => gateway.SnapshotAsync(), IsQuiet, Timeout);
        await Until.TrueAsync(() => LostAsync(gateway, senders), lost => lost.Length == 0);
    }

    /// <summary>
    /// Posting all requests again changes nothing and calls no routing service. A resubmission starts a new generation of a
    /// failed event, which fails again because its shipment has ended. Returns the keys of other events that were taken as new.
    /// </summary>
    public static async Task<IReadOnlyCollection<string>> RepetitionsShouldChangeNothingAsync(
        GatewayClient ingest, GatewayClient gateway, Senders senders, RoutingStub stub)
    {
        var before = await OutcomesAsync(gateway);
        var requests = await stub.RequestsAsync();

        var takenAsNew = await senders.RepeatAllAsync(ingest);

        await Until.TrueAsync(() => ChangesAsync(gateway, before), changes => changes.Length == 0, Timeout);
        var routedNow = (await OutcomesAsync(gateway)).Except(before).Count();
        (await stub.RequestsAsync()).ShouldBe(requests + routedNow);
        return [.. takenAsNew.Where(key => before.GetValueOrDefault(key) != "shipment-ended")];
    }

    public static async Task<IReadOnlyList<JsonElement>> DetailsAsync(GatewayClient gateway, IEnumerable<string> keys)
    {
        var details = new ConcurrentBag<JsonElement>();
        await Parallel.ForEachAsync(
            keys,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (key, stop) => details.Add(await gateway.EventAsync(key, stop)));
        return [.. details];
    }

    public static string? Text(JsonElement row, string name) => row.GetProperty(name).GetString();

    /// <summary>For every answer that is not the route of the event there is an attempt that lost it.</summary>
    private static async Task RepetitionsShouldBeExplainedAsync(
        GatewayClient gateway,
        Dictionary<string, JsonElement> rows,
        IReadOnlyDictionary<string, (string RouteId, int Answers)> routes)
    {
        var toExplain = routes.Where(route => route.Value.Answers > (IsRouted(rows[route.Key]) ? 1 : 0))
            .Select(route => route.Key);
        foreach (var e in await DetailsAsync(gateway, toExplain))
        {
            var explained = e.GetProperty("attempts").EnumerateArray()
                .Count(attempt => MayHaveBeenRouted.Contains(Text(attempt, "result")));
            (routes[Text(e, "key")!].Answers - (IsRouted(e) ? 1 : 0)).ShouldBeLessThanOrEqualTo(explained, e.GetRawText());
        }
    }

    private static async Task<Dictionary<string, string?>> OutcomesAsync(GatewayClient gateway)
        => (await gateway.EventsAsync()).ToDictionary(row => Text(row, "key")!, row => Text(row, "outcome"));

    /// <summary>
    /// Apart from failed events that a resubmission routes: two processes may have accepted such an event, and the earlier
    /// acceptance reached the store after the event had been judged by the later one.
    /// </summary>
    private static async Task<string> ChangesAsync(GatewayClient gateway, Dictionary<string, string?> before)
    {
        var changes = (await OutcomesAsync(gateway)).Except(before)
            .Where(row => (before.GetValueOrDefault(row.Key), row.Value) is not ("shipment-ended", "routed"))
            .Select(row => $"{row.Key} is {row.Value ?? "pending"}");
        return string.Join(", ", changes.Take(5));
    }

    private static bool IsQuiet(JsonElement counts)
        => counts.GetProperty("pending").GetInt64() == 0
           && counts.TryGetProperty("queuedMessages", out var queued) && queued.GetInt64() == 0;

    /// <summary>For a moment between queue and store an event is in neither.</summary>
    private static async Task<string> LostAsync(GatewayClient gateway, Senders senders)
    {
        var rows = (await gateway.EventsAsync()).Select(row => Text(row, "key")!);
        var lost = senders.LostFrom(rows);
        return lost.Count == 0 ? "" : $"{lost.Count} accepted and not in the store: {string.Join(' ', lost.Take(5))}";
    }

    private static bool IsRouted(JsonElement row) => Text(row, "outcome") == "routed";

    private static bool HasExpectedOutcome(JsonElement row)
        => Text(row, "key")!.StartsWith(Batch.ContainerPrefix, StringComparison.Ordinal)
            ? (Text(row, "status"), Text(row, "outcome")) is ("processed", "mapped") or ("failed", "unmapped")
            : (Text(row, "status"), Text(row, "outcome")) is
                ("processed", "routed") or ("processed", "late") or ("failed", "shipment-ended");
}
