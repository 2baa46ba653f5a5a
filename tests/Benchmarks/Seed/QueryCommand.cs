using System.Diagnostics;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;

namespace Gateway.Benchmarks.Seed;

/// <summary>Runs each query of the operator API three times and prints the first and the best duration.</summary>
internal static class QueryCommand
{
    private static readonly EventFilter All = new();

    public static async Task RunAsync(IEventQueries queries)
    {
        var newest = (await queries.ListAsync(All, null, 1, CancellationToken.None)).Single();
        var (day, week) = (newest.ReceivedAt.AddDays(-1), newest.ReceivedAt.AddDays(-7));
        (string Name, EventFilter Filter)[] lists =
        [
            ("all", All),
            ("status processed", All with { Status = EventStatus.Processed }),
            ("status failed", All with { Status = EventStatus.Failed }),
            ("status pending", All with { Status = EventStatus.Pending }),
            ("shipment", All with { ShipmentId = newest.ShipmentId }), ("shipment unknown", All with { ShipmentId = "none" }),
            ("merchant", All with { MerchantId = "m-0" }), ("company", All with { ShippingCompanyId = "courier-3" }),
            ("type", All with { Type = EventType.Delivered }),
            ("from", All with { From = day }), ("to", All with { To = week }),
            ("event id", All with { EventId = newest.Key.EventId }), ("event id unknown", All with { EventId = "none" }),
            ("event id + merchant", All with { EventId = newest.Key.EventId, MerchantId = "m-0" }),
            ("event id + failure reason",
                All with { EventId = newest.Key.EventId, Outcome = FailureReasonText.RejectedByRouter }),
            ("failed + merchant", All with { Status = EventStatus.Failed, MerchantId = "m-0" }),
            ("failed + small merchant", All with { Status = EventStatus.Failed, MerchantId = "m-17" }),
            ("pending + merchant unknown", All with { Status = EventStatus.Pending, MerchantId = "none" }),
            ("pending + company", All with { Status = EventStatus.Pending, ShippingCompanyId = "courier-3" }),
            ("failed + company", All with { Status = EventStatus.Failed, ShippingCompanyId = "courier-3" }),
            ("processed + company", All with { Status = EventStatus.Processed, ShippingCompanyId = "courier-3" }),
            ("delivered + failed", All with { Status = EventStatus.Failed, Type = EventType.Delivered }),
            ("type + from/to", All with { Type = EventType.Delivered, From = week.AddDays(-3), To = week }),
            ("merchant + company without common events", All with { MerchantId = "m-17", ShippingCompanyId = "none" }),
            ("merchant + type cancelled, no match", All with { MerchantId = "m-0", Type = EventType.Cancelled }),
            ("shipment + failed", All with { ShipmentId = newest.ShipmentId, Status = EventStatus.Failed }),
        ];
        var oldest = (await queries.ListAsync(All with { To = day }, null, 1, CancellationToken.None)).Single();
        await SearchAsync("prefix of all", All with { EventIdPrefix = newest.Key.EventId[..2] });
        await SearchAsync("prefix of few", All with { EventIdPrefix = oldest.Key.EventId[..^1] });
        await SearchAsync("prefix of some, 10,000", All with { EventIdPrefix = oldest.Key.EventId[..^4] });
        await SearchAsync("prefix of shipments", All with { ShipmentIdPrefix = newest.ShipmentId[..^1] });
        await SearchAsync("prefix unknown", All with { EventIdPrefix = "none" });
        await SearchAsync("trace unknown", All with { TraceId = new string('0', 32) });
        await SearchAsync("route unknown", All with { RouteId = "none" });
        await SearchAsync("text of errors", All with { ErrorText = "503", Status = EventStatus.Failed });
        await SearchAsync("text of errors, unknown", All with { ErrorText = "none", Status = EventStatus.Failed });
        await SearchAsync("outcome without an event", All with { Outcome = EventOutcome.Mapped });
        foreach (var (name, filter) in lists)
        {
            await MeasureAsync($"list {name}", () => CountAsync(filter, null));
            var page = await queries.ListAsync(filter, null, 50, CancellationToken.None);
            if (page.Count < 50) continue;
            var cursor = new EventCursor(page[^1].ReceivedAt, page[^1].Key);
            await MeasureAsync("  next page", () => CountAsync(filter, cursor));
        }

        await MeasureAsync("one event", async () => await queries.FindAsync(newest.Key, CancellationToken.None) is null ? 0 : 1);
        await MeasureAsync(
            "unknown key", async () => await queries.FindTombstoneAsync(newest.Key, CancellationToken.None) is null ? 0 : 1);
        await MeasureAsync("counts", async () => (int)(await queries.CountAsync(CancellationToken.None)).Accepted);
        await MeasureAsync("pending", async () => (int)(await queries.PendingAsync(CancellationToken.None)).Count);

        async Task SearchAsync(string name, EventFilter filter)
        {
            await MeasureAsync($"search {name}", async () => (await queries.ListAsync(
                (await EventSearch.OfAsync(queries, filter, isCount: false, CancellationToken.None)).Filter, null, 51,
                CancellationToken.None)).Count);
            await MeasureAsync("  matches", async () => await queries.CountAsync(
                (await EventSearch.OfAsync(queries, filter, isCount: true, CancellationToken.None)).Filter, 10_001,
                CancellationToken.None));
        }

        async Task<int> CountAsync(EventFilter filter, EventCursor? cursor)
            => (await queries.ListAsync(filter, cursor, 51, CancellationToken.None)).Count;
    }

    private static async Task MeasureAsync(string name, Func<Task<int>> query)
    {
        var (times, count) = (new List<double>(), 0);
        for (var i = 0; i < 3; i++)
        {
            var startedAt = Stopwatch.GetTimestamp();
            try
            {
                count = await query();
            }
            catch (Exception error)
            {
                Console.WriteLine($"{name,-44} FAILED {error.Message}");
                return;
            }

            times.Add(Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds);
        }

        Console.WriteLine($"{name,-44} {times[0],8:0.0} ms, then {times.Min(),8:0.0} ms   {count} found");
    }
}
