using System.Globalization;

namespace Gateway.LoadTest.Cli;

/// <summary>A source of a load: <c>dhl-push:100=3</c> is three turns of requests with 100 events each.</summary>
/// <param name="Name"><c>gateway</c> or a configured source.</param>
/// <param name="Events">Events of one request.</param>
/// <param name="Weight">Its requests among those of all sources of the load.</param>
internal sealed record SourceShare(string Name, int Events, int Weight)
{
    public const string BuiltIn = "gateway";
    public const string Form = "NAME, NAME:EVENTS, NAME=WEIGHT or NAME:EVENTS=WEIGHT; "
        + "EVENTS is a number from 1 to 500, WEIGHT from 1 to 1000";

    public static readonly SourceShare Default = new(BuiltIn, 1, 1);

    private const int MaxWeight = 1_000;

    // The gateway keeps a request of more items as a whole.
    private const int MaxEvents = 500;

    public static bool TryParse(string text, out SourceShare share)
    {
        var (head, weight) = Split(text, '=');
        var (name, events) = Split(head, ':');
        share = new SourceShare(name, Number(events, MaxEvents), Number(weight, MaxWeight));
        return name.Length > 0 && share is { Events: > 0, Weight: > 0 };
    }

    public override string ToString()
        => Name + (Events == 1 ? "" : $":{Events}") + (Weight == 1 ? "" : $"={Weight}");

    private static (string Head, string? Tail) Split(string text, char separator)
        => text.Split(separator, 2) is [var head, var tail] ? (head, tail) : (text, null);

    /// <summary>1 where it is not written, 0 where it is wrong.</summary>
    private static int Number(string? text, int max)
        => text is null ? 1
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= max ? number : 0;
}
