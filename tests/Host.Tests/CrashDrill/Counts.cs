using Gateway.TestSupport;

namespace Gateway.Host.Tests.CrashDrill;

internal sealed record Counts(long Accepted, long Pending, long Processed, long Failed, long Dismissed)
{
    public static async Task<Counts> OfAsync(GatewayClient gateway)
    {
        var counts = await gateway.SnapshotAsync();
        return new(Number("accepted"), Number("pending"), Number("processed"), Number("failed"), Number("dismissed"));

        long Number(string name) => counts.GetProperty(name).GetInt64();
    }
}
