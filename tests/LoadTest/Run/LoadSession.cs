using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Client;
using Gateway.LoadTest.Events;

namespace Gateway.LoadTest.Run;

internal static class LoadSession
{
    public static async Task<int> RunAsync(LoadOptions options)
    {
        var target = await Target.OfAsync("gateway", options.Url, default);
        var shape = new LoadShape(options.Concurrency, options.Requests, options.Duration, options.Rate?.PerSecond, options.Duplicates, options.Burst, options.Timeout);
        for (var i = 0; i < options.Rounds; i++)
        {
            var events = new CourierEvents(Guid.NewGuid().ToString("N")[..8], target.Door, options.Secret);
            var result = await new LoadRunner(target, events, new EventLedger(), shape).RunAsync(_ => { }, null, default);
            Console.WriteLine($"{result.Rate:N0}/s p50 {result.Milliseconds(50)} p99 {result.Milliseconds(99)} max {result.Milliseconds(100)} wall {result.Wall} cores {result.ClientCores:F2} release {result.Release} late p99 {result.Lateness?.GetValueAtPercentile(99)} {string.Join(" ", result.Total.ByStatus)}");
        }
        return 0;
    }
}
