using System.Globalization;
using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Measure;
using Gateway.LoadTest.Measure.Accounting;

namespace Gateway.LoadTest.Report.Terminal;

/// <summary>Writes one line per second, for files and pipes.</summary>
internal sealed class PlainDisplay(TextWriter output) : IDisplay
{
    public void Write(string sentence) => output.WriteLine(sentence);

    public Task<T> LoadAsync<T>(string title, Func<Sample, double> secondsLeft, Func<Action<Sample>, Task<T>> load)
    {
        output.WriteLine(title);
        var filter = new OncePerSecond();
        return load(sample =>
        {
            if (filter.IsDue(sample.At)) output.WriteLine($"{LineOf(sample)}, {TimeLeft.Text(secondsLeft(sample))}");
        });
    }

    public Task<T> DrainAsync<T>(string title, Func<Action<DrainProgress>, Task<T>> drain)
    {
        output.WriteLine(title);
        var filter = new OncePerSecond();
        var rate = new DrainRate();
        return drain(progress =>
        {
            if (filter.IsDue(progress.At)) output.WriteLine(LineOf(progress, rate.Next(progress)));
        });
    }

    private static string LineOf(Sample sample)
    {
        var status = string.Join(", ", sample.RateByStatus.OrderBy(one => one.Key)
            .Select(one => string.Create(CultureInfo.InvariantCulture, $"{ResponseStatus.NameOf(one.Key)}: {one.Value:N0}/s")));
        var memory = sample.ServerRss is { } rss ? $", server {Units.Megabytes(rss)}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{sample.At,6:0.0} s  sent {sample.Sent:N0}, in flight {sample.InFlight:N0}, {sample.Rate:N0}/s, "
            + $"p50 {sample.P50:0.0} ms, p99 {sample.P99:0.0} ms; {status}{memory}");
    }

    private static string LineOf(DrainProgress progress, double rate)
        => string.Create(
            CultureInfo.InvariantCulture,
            $"{progress.At,6:0.0} s  settled {progress.Settled:N0} of {progress.Accepted:N0}, {rate:N0}/s"
            + $"{TimeLeft.Text(progress, rate)}");
}

/// <summary>True once per second.</summary>
internal sealed class OncePerSecond
{
    private double _next;

    public bool IsDue(double at)
    {
        if (at < _next) return false;
        _next = Math.Floor(at) + 1;
        return true;
    }
}
