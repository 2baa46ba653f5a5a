using Gateway.TestSupport;

namespace Gateway.Host.Tests.CrashDrill.Sources;

/// <summary>
/// Every item of a success answer is an event, or its request is a container, or it was skipped; with the repaired mapping each
/// readable container becomes its events, and each event takes effect once.
/// </summary>
internal static class SourceAccounting
{
    /// <param name="gateway">Lists the events.</param>
    /// <param name="ingest">Takes the requests once more.</param>
    /// <param name="processes">Have to read the repaired file.</param>
    /// <param name="file">The file of the sources.</param>
    /// <param name="senders">Do not post any more, and have an answer to each request.</param>
    /// <param name="stub">The routing service.</param>
    public static async Task<string> ShouldAddUpAsync(
        GatewayClient gateway, GatewayClient ingest, IEnumerable<GatewayClient> processes, SourcesFile file, Senders senders,
        RoutingStub stub)
    {
        await SettledAsync(gateway, senders);
        var open = (await gateway.EventsAsync("&outcome=unmapped")).Count;
        await file.MendAsync(processes);
        await SourcesFile.ReplayAsync(gateway);
        await SettledAsync(gateway, senders);

        var batches = senders.Accepted.Values.Cast<Batch>().ToList();
        var rows = (await gateway.EventsAsync()).ToDictionary(row => row.Text("key")!, row => row.Text("outcome"));
        var items = batches.SelectMany(batch => batch.Mapped.Concat(batch.Unmapped)).ToHashSet();
        var containers = rows.Keys.Where(key => key.StartsWith(Batch.ContainerPrefix, StringComparison.Ordinal)).ToHashSet();
        items.Except(rows.Keys).ShouldBeEmpty("not an event after the replay of all containers");
        rows.Keys.Except(containers).Except(items).ShouldBeEmpty("events of no item: skipped ones, or an item twice");
        containers.Except(batches.Select(batch => batch.Container)).ShouldBeEmpty("containers of no request");
        containers.Where(key => rows[key] == "unmapped")
            .ShouldBe(batches.Where(batch => batch.IsUnreadable).Select(batch => batch.Container), ignoreOrder: true);
        await Accounting.ShouldAddUpAsync(gateway, senders, stub);
        var calls = await stub.RequestsAsync();
        await Accounting.RepetitionsShouldChangeNothingAsync(ingest, gateway, senders, stub);

        var again = (await stub.KeysAsync()).Values.Sum(key => key.Answers - 1);
        return $"{batches.Count} requests with {items.Count} items as events and {batches.Sum(batch => batch.Skipped)} skipped, "
            + $"{senders.NotAcceptedAtFirst} not accepted at first; {containers.Count} containers, {open} of them open before "
            + $"the last replay; 0 lost, 0 doubled; {calls} calls, {again} again after an abandoned attempt: "
            + await Counts.OfAsync(gateway);
    }

    /// <summary>No event is pending, and everything that was answered with success is stored.</summary>
    private static async Task SettledAsync(GatewayClient gateway, Senders senders)
    {
        await Until.TrueAsync(LostAsync, lost => lost.Length == 0);
        await gateway.SettledAsync(Accounting.Timeout);

        async Task<string> LostAsync()
        {
            var rows = await gateway.EventsAsync();
            return string.Join(", ", senders.LostFrom(rows.Select(row => row.Text("key")!)).Take(5));
        }
    }
}
