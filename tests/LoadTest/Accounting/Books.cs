using Gateway.LoadTest.Events;
using Gateway.LoadTest.Operator;

namespace Gateway.LoadTest.Accounting;

/// <summary>What the sender was told, held against what the gateway has.</summary>
internal sealed record Books
{
    /// <summary>Events answered 202 at least once.</summary>
    public long Promised { get; init; }

    /// <summary>Events that were answered 503 or not at all, and never 202: they may be there or not.</summary>
    public long Unknown { get; init; }

    public long UnknownThere { get; init; }

    public long Rows { get; init; }

    public long Processed { get; init; }

    public long Routed { get; init; }

    public long Pending { get; init; }

    public IReadOnlyDictionary<string, long> FailedByOutcome { get; init; } = new Dictionary<string, long>();

    /// <summary>Promised, and not there: some of the keys.</summary>
    public IReadOnlyList<string> Lost { get; init; } = [];

    public long LostCount { get; init; }

    /// <summary>Listed more than once: some of the keys.</summary>
    public IReadOnlyList<string> Twice { get; init; } = [];

    public long TwiceCount { get; init; }

    /// <summary>Listed as this run's, though it sent no such event: some of the keys.</summary>
    public IReadOnlyList<string> Invented { get; init; } = [];

    public long InventedCount { get; init; }

    /// <summary>Whatever was promised is there and settled.</summary>
    public bool IsAllSettled => LostCount == 0 && Pending == 0;

    public static Books Of(CourierEvents events, EventLedger ledger, IReadOnlyList<EventRow> rows)
    {
        const int examples = 20;
        var seen = new HashSet<long>(rows.Count);
        List<string> twice = [], invented = [];
        foreach (var row in rows)
        {
            if (!events.TryNumberOf(row.Key, out var number) || !ledger.WasSent(number)) invented.Add(row.Key);
            else if (!seen.Add(number)) twice.Add(row.Key);
        }

        return new Books
        {
            Promised = ledger.Promised.LongCount(),
            Unknown = ledger.Open.LongCount(),
            UnknownThere = ledger.Open.LongCount(seen.Contains),
            Rows = rows.Count,
            Processed = rows.LongCount(row => row.Status == "processed"),
            Routed = rows.LongCount(row => row is { Status: "processed", Outcome: "routed" }),
            Pending = rows.LongCount(row => !row.IsSettled),
            FailedByOutcome = rows.Where(row => row.Status == "failed").CountBy(row => row.Outcome ?? "no reason")
                .ToDictionary(one => one.Key, one => (long)one.Value),
            Lost = [.. ledger.Promised.Where(number => !seen.Contains(number)).Take(examples).Select(events.KeyOf)],
            LostCount = ledger.Promised.LongCount(number => !seen.Contains(number)),
            Twice = [.. twice.Take(examples)],
            TwiceCount = twice.Count,
            Invented = [.. invented.Take(examples)],
            InventedCount = invented.Count,
        };
    }
}
