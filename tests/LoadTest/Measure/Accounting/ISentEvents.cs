using System.Globalization;

namespace Gateway.LoadTest.Measure.Accounting;

/// <summary>The events that a run can send: their numbers, and the rows by which the gateway lists them.</summary>
internal interface ISentEvents
{
    IEnumerable<RowFilter> Filters { get; }

    /// <summary>False for a row that is no event of this run.</summary>
    bool TryNumberOf(EventRow row, out long number);

    /// <summary>By which an operator finds the event.</summary>
    string NameOf(long number);
}

/// <param name="Query">Of the list of the operator API.</param>
/// <param name="Shipment">Part of the shipments of a run where the query lists other events too.</param>
internal sealed record RowFilter(string Query, string? Shipment = null);

/// <summary>
/// The events of a configured source. Its merchant is configured and its key can be a digest, so the shipment holds run and
/// number.
/// </summary>
/// <param name="source">The name.</param>
/// <param name="run">Digits, so that it fits into numbers too.</param>
/// <param name="startedAt">The start of the run.</param>
internal sealed class SourceIds(string source, string run, DateTimeOffset startedAt) : ISentEvents
{
    // The clocks of two machines differ.
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(10);

    public string Run => run;

    public IEnumerable<RowFilter> Filters { get; } =
    [
        new RowFilter($"source={source}&from={(startedAt - ClockDifference).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}", run),
    ];

    /// <summary>Only digits, and the only part of a shipment or an id that is new.</summary>
    public string TextOf(long number) => run + number.ToString($"D{RunIds.Digits}", CultureInfo.InvariantCulture);

    public bool TryNumberOf(EventRow row, out long number)
    {
        number = -1;
        return row.Key.StartsWith($"{source}.", StringComparison.Ordinal) && TryNumberIn(row.ShipmentId ?? "", out number);
    }

    public bool TryNumberIn(string shipment, out long number)
    {
        number = -1;
        var at = shipment.IndexOf(run, StringComparison.Ordinal) + run.Length;
        return at >= run.Length && shipment.Length >= at + RunIds.Digits
            && long.TryParse(shipment.AsSpan(at, RunIds.Digits), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    public string NameOf(long number) => $"{source} shipment {TextOf(number)}";
}
