using System.Globalization;
using FluentValidation;
using FluentValidation.Results;
using Gateway.EventsGateway.Monitoring.History;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Features.ReadHistory;

/// <summary>The points of an answer: a range of the last 31 days in at most 1,000 equal steps.</summary>
internal sealed record HistoryRange(HistoryStep Source, DateTimeOffset From, DateTimeOffset To, int Step)
{
    public const int MaxStep = 86_400;
    private const int MaxPoints = 1000;

    /// <summary>A chart has no more pixels, and a day of 5 minutes is read in a tenth of the time of one of 2 minutes.</summary>
    private const int DefaultPoints = 400;

    private static readonly int[] Steps = [10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, MaxStep];
    private static readonly TimeSpan Oldest = TimeSpan.FromDays(31);

    public int Count => (int)((To - From).TotalSeconds / Step);

    public static int? StepOf(string text)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var step) && step is >= 1 and <= MaxStep
            ? step : null;

    public static HistoryRange Of(ReadHistoryQuery query, DateTimeOffset now)
    {
        var to = query.To is { } end && IsoTime.Parse(end) is { } given && given < now ? given : now;
        var from = query.From is { } start ? IsoTime.Parse(start)!.Value : to.AddHours(-1);
        if (from >= to) throw Invalid("from must be before to and before now");
        if (now - from > Oldest) throw Invalid($"from must be at most {Oldest.Days} days ago");
        // One step less: the first and the last point are whole.
        var least = query.Step is { } text
            ? Math.Max((to - from).TotalSeconds / (MaxPoints - 1), StepOf(text)!.Value)
            : (to - from).TotalSeconds / DefaultPoints;
        // A chunk is removed as a whole, up to 5 minutes after its first point is a day old.
        if (from < now - HistoryStep.Short.Kept - HistoryStep.Short.Span) least = Math.Max(least, HistoryStep.Long.Seconds);
        var step = Steps.First(one => one >= least);
        var source = step >= HistoryStep.Long.Seconds ? HistoryStep.Long : HistoryStep.Short;
        var first = HistoryStep.Floor(from, step);
        var count = Math.Ceiling((to - first).TotalSeconds / step);
        return new HistoryRange(source, first, first.AddSeconds(count * step), step);
    }

    private static ValidationException Invalid(string error) => new([new ValidationFailure("from", error)]);
}
