using System.Text.Json.Serialization;

namespace Gateway.LoadTest.Measure.Accounting;

/// <summary>The sender's ledger compared with the events that the gateway lists.</summary>
internal sealed record AccountedEvents
{
    /// <summary>Events whose request was answered with the success of its source at least once.</summary>
    public long Accepted { get; init; }

    /// <summary>Events with a 503 or no response, and never a success: the gateway may have stored them or not.</summary>
    public long Unknown { get; init; }

    [JsonPropertyName("unknownThere")]
    public long UnknownStored { get; init; }

    public long Rows { get; init; }

    public long Processed { get; init; }

    public long Routed { get; init; }

    public long Pending { get; init; }

    public IReadOnlyDictionary<string, long> FailedByOutcome { get; init; } = new Dictionary<string, long>();

    /// <summary>Accepted but not listed: up to 20 keys.</summary>
    public IReadOnlyList<string> Lost { get; init; } = [];

    public long LostCount { get; init; }

    /// <summary>Listed more than once: up to 20 keys.</summary>
    public IReadOnlyList<string> Twice { get; init; } = [];

    public long TwiceCount { get; init; }

    /// <summary>Listed under the merchant or the shipments of this run but never sent: up to 20 keys.</summary>
    public IReadOnlyList<string> Invented { get; init; } = [];

    public long InventedCount { get; init; }

    /// <summary>Every accepted event is listed, and every listed event is settled.</summary>
    public bool IsAllSettled => LostCount == 0 && Pending == 0;

    public static AccountedEvents Of(ISentEvents sent, EventLedger ledger, IReadOnlyList<EventRow> rows)
    {
        const int examples = 20;
        var seen = new HashSet<long>(rows.Count);
        List<string> twice = [], invented = [];
        foreach (var row in rows)
        {
            if (!sent.TryNumberOf(row, out var number) || !ledger.WasSent(number)) invented.Add(row.Key);
            else if (!seen.Add(number)) twice.Add(row.Key);
        }

        return new AccountedEvents
        {
            Accepted = ledger.Accepted.LongCount(),
            Unknown = ledger.Unknown.LongCount(),
            UnknownStored = ledger.Unknown.LongCount(seen.Contains),
            Rows = rows.Count,
            Processed = rows.LongCount(row => row.Status == "processed"),
            Routed = rows.LongCount(row => row is { Status: "processed", Outcome: "routed" }),
            Pending = rows.LongCount(row => !row.IsSettled),
            FailedByOutcome = rows.Where(row => row.Status == "failed").CountBy(row => row.Outcome ?? "no outcome")
                .ToDictionary(one => one.Key, one => (long)one.Value),
            Lost = [.. ledger.Accepted.Where(number => !seen.Contains(number)).Take(examples).Select(sent.NameOf)],
            LostCount = ledger.Accepted.LongCount(number => !seen.Contains(number)),
            Twice = [.. twice.Take(examples)],
            TwiceCount = twice.Count,
            Invented = [.. invented.Take(examples)],
            InventedCount = invented.Count,
        };
    }
}
