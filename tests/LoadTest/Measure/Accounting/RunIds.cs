using System.Globalization;

namespace Gateway.LoadTest.Measure.Accounting;

/// <summary>The ids of one run at the built-in source: they map the number of an event to its key and back.</summary>
/// <param name="run">Unique; letters, digits and hyphens, so that keys need no escaping.</param>
internal sealed class RunIds(string run) : ISentEvents
{
    public const int Digits = 10;

    // No name of a preset: the built-in source rejects events of a company that is a configured source.
    private static readonly string[] Companies = ["north", "south", "east", "west"];

    public string Run => run;

    /// <summary>Unique per run, so that the operator API can list exactly the events of this run.</summary>
    public string MerchantId { get; } = $"load-{run}";

    public string EventIdPrefix { get; } = $"evt-{run}-";

    public static int CompanyCount => Companies.Length;

    public static string CompanyOf(long number) => Companies[number % Companies.Length];

    /// <summary>The event key that the gateway derives.</summary>
    public string KeyOf(long number)
        => $"{CompanyOf(number)}.{EventIdPrefix}{number.ToString($"D{Digits}", CultureInfo.InvariantCulture)}";

    public IEnumerable<RowFilter> Filters => [new RowFilter($"merchantId={MerchantId}")];

    public string NameOf(long number) => KeyOf(number);

    public bool TryNumberOf(EventRow row, out long number) => TryNumberOf(row.Key, out number);

    public bool TryNumberOf(string key, out long number)
        => long.TryParse(
               key.AsSpan(Math.Max(0, key.Length - Digits)), NumberStyles.None, CultureInfo.InvariantCulture, out number)
           && KeyOf(number) == key;
}
