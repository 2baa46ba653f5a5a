using System.Globalization;

namespace Gateway.LoadTest.Measure;

/// <summary>Warns when the load tool, not the target, limits the figures.</summary>
internal static class ClientLimits
{
    // Smaller delays do not matter to senders of webhooks.
    private const double MaxLatenessMs = 5;

    // One thread serves all sockets; above this load its own queue is measured.
    private const double MaxClientCores = 0.9;
    private const double MaxRatioCeiling = 0.9;

    public static IEnumerable<string> Of(LoadResult result)
    {
        if (result.Lateness is { TotalCount: > 0 } lateness
            && lateness.GetValueAtPercentile(99) / 1000.0 is > MaxLatenessMs and var late)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Target}: the client sent 1 % of the requests at least {late:0.0} ms late although "
                + $"connections were free; the latencies include this delay.");
        }

        if (result.OfferedRate is { } offered && result.Total.Counts.Sent / result.Wall.TotalSeconds is var sent
            && sent < offered * 0.97)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Target}: the client sent only {sent:N0} of {offered:N0} requests per second because all "
                + $"connections were busy; the latencies include the wait for a connection.");
        }

        if (result.ClientCores > MaxClientCores && result.Wall.TotalSeconds > 1)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Target}: the client used {result.ClientCores:0.00} cores; its single socket thread is at its limit.");
        }

        if (result.Release is { } release && release > result.Wall / 2)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Target}: the client took {release.TotalMilliseconds:0} ms of the {result.Wall.TotalMilliseconds:0} ms "
                + $"to send all requests.");
        }
    }

    public static IEnumerable<string> OfRatio(Spread? ratioCeiling)
    {
        if (ratioCeiling?.Median is > MaxRatioCeiling and var ratio)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The gateway reaches {ratio:P0} of the ceiling: the client or the machine limits the rate, not the gateway.");
        }
    }
}
