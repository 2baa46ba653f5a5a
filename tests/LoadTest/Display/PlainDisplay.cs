using System.Globalization;
using Gateway.LoadTest.Accounting;
using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Counting;
using Gateway.LoadTest.Results;

namespace Gateway.LoadTest.Display;

/// <summary>A line a second, for files and pipes.</summary>
internal sealed class PlainDisplay(TextWriter output) : IDisplay
{
    public void Say(string sentence) => output.WriteLine(sentence);

    public Task<T> LoadAsync<T>(string title, Func<Action<Sample>, Task<T>> load)
    {
        output.WriteLine(title);
        var each = new EachSecond();
        return load(sample =>
        {
            if (each.IsDue(sample.At)) output.WriteLine(LineOf(sample));
        });
    }

    public Task<T> DrainAsync<T>(string title, Func<Action<DrainMoment>, Task<T>> drain)
    {
        output.WriteLine(title);
        var each = new EachSecond();
        var speed = new DrainSpeed();
        return drain(moment =>
        {
            if (each.IsDue(moment.At)) output.WriteLine(LineOf(moment, speed.Of(moment)));
        });
    }

    private static string LineOf(Sample sample)
    {
        var status = string.Join(", ", sample.RateByStatus.OrderBy(one => one.Key)
            .Select(one => string.Create(CultureInfo.InvariantCulture, $"{NoAnswer.NameOf(one.Key)}: {one.Value:N0}/s")));
        var memory = sample.ServerRss is { } rss ? $", server {Units.Megabytes(rss)}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{sample.At,6:0.0} s  sent {sample.Sent:N0}, in flight {sample.InFlight:N0}, {sample.Rate:N0}/s, "
            + $"p50 {sample.P50:0.0} ms, p99 {sample.P99:0.0} ms; {status}{memory}");
    }

    private static string LineOf(DrainMoment moment, double rate)
        => string.Create(CultureInfo.InvariantCulture, $"{moment.At,6:0.0} s  settled {moment.Settled:N0} of {moment.Promised:N0}, {rate:N0}/s");
}
