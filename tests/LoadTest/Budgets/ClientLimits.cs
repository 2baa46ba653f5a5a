using System.Globalization;
using Gateway.LoadTest.Results;

namespace Gateway.LoadTest.Budgets;

/// <summary>When figures tell of the load tool rather than of the target, it says so.</summary>
internal static class ClientLimits
{
    // Latencies below this are of no interest to anybody who sends webhooks.
    private const double LateMilliseconds = 5;

    // One thread serves all sockets; beyond this it is the queue that is measured.
    private const double BusyCores = 0.9;
    private const double NearCeiling = 0.9;

    public static IEnumerable<string> Of(LoadResult result)
    {
        if (result.Lateness is { TotalCount: > 0 } lateness && lateness.GetValueAtPercentile(99) / 1000.0 is > LateMilliseconds and var late)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Target}: 1 % of the requests left {late:0.0} ms or more later than due though a "
                + $"connection was free: the client is too slow, and its delay is in the latencies.");
        }

        if (result.OfferedRate is { } offered && result.Total.Counts.Sent / result.Wall.TotalSeconds is var sent && sent < offered * 0.97)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Target}: {sent:N0} of {offered:N0} requests a second could be offered, all connections "
                + $"were busy: what came later than due has waited here, and its wait is in the latencies.");
        }

        if (result.ClientCores > BusyCores && result.Wall.TotalSeconds > 1)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Target}: the client used {result.ClientCores:0.00} cores; its one thread for sockets "
                + $"is at its limit.");
        }

        if (result.Release is { } release && release > result.Wall / 2)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Target}: of {result.Wall.TotalMilliseconds:0} ms the client itself took "
                + $"{release.TotalMilliseconds:0} ms to send all requests.");
        }
    }

    public static IEnumerable<string> OfRatio(Spread? ratioCeiling)
    {
        if (ratioCeiling?.Median is > NearCeiling and var ratio)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The gateway reaches {ratio:P0} of a server that does nothing: client or machine are the limit, "
                + $"not the gateway.");
        }
    }
}
