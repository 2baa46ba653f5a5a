using Gateway.Shared.Errors;
using StackExchange.Redis;

namespace Gateway.Shared.Redis;

/// <summary>Faults of Redis and of its driver in a form for health checks and logs.</summary>
internal static class RedisFault
{
    // What follows is the driver's version, or the hash of a script.
    private static readonly string[] Details = [", v: ", " script: "];

    public static BackendUnavailableException Of(Exception fault) => new("redis", TextOf(fault), fault);

    public static string TextOf(Exception fault)
        => fault is RedisTimeoutException ? "no answer" : Details.Aggregate(fault.Message, Before);

    private static string Before(string text, string detail)
        => text.IndexOf(detail, StringComparison.Ordinal) is > 0 and var end ? text[..end] : text;
}
