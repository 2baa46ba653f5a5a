namespace Gateway.RoutingService;

internal enum RoutingFailure
{
    ServerError,
    TooManyRequests,
    Timeout,
    NotRouted,
}

/// <summary>The failures by their names in the configuration, and the random choice between them.</summary>
internal static class RoutingFailures
{
    public static readonly IReadOnlyDictionary<string, RoutingFailure> ByName = new Dictionary<string, RoutingFailure>
    {
        ["500"] = RoutingFailure.ServerError,
        ["429"] = RoutingFailure.TooManyRequests,
        ["timeout"] = RoutingFailure.Timeout,
        ["routed-false"] = RoutingFailure.NotRouted,
    };

    private static readonly string[] AllNames = [.. ByName.Keys];

    /// <summary>The failure of this request, or null.</summary>
    public static RoutingFailure? Draw(Random random, RoutingServiceOptions options)
    {
        if (random.NextDouble() >= options.FailureRate) return null;
        var names = options.FailureKinds.Length == 0 ? AllNames : options.FailureKinds;
        return ByName[names[random.Next(names.Length)]];
    }
}
