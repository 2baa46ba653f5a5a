namespace Gateway.EventsGateway.Findings;

/// <summary>What findings say of the routing service.</summary>
internal static class RoutingText
{
    public static string AdviceOf(RoutingFigures routing) => StatusIn(routing.LastFailure?.Error) switch
    {
        "401" or "403" =>
            "The service rejects the credentials: correct those of ROUTING_SERVICE_URL or Gateway:Routing:Headers, then restart.",
        "404" or "405" => "A service answers, but not at this path: correct ROUTING_SERVICE_URL, then restart.",
        "400" or "422" => "The service rejects these events: ask its owner why.",
        "429" => "The service limits the calls: ask its owner how many it allows, and set Gateway:Routing:MaxCallsPerSecond.",
        _ => "Call the owner of the service, or correct ROUTING_SERVICE_URL.",
    };

    private static string StatusIn(string? error)
        => error?.Split("answered ") is [_, { Length: >= 3 } rest, ..] ? rest[..3] : "";

    public static string NextProbe(RoutingFigures routing) => routing.NextProbe >= TimeSpan.FromSeconds(1)
        ? FindingText.Text($"next probe in {Math.Ceiling(routing.NextProbe.TotalSeconds):0} s")
        : "the next due event is the probe";

    /// <summary>The address and the last error.</summary>
    public static string LastCall(RoutingFigures routing) => (routing.Address, routing.LastFailure) switch
    {
        ({ } address, { } last) => $"{address}: {last.Error.TrimEnd('.')}.",
        ({ } address, null) => $"{address}.",
        _ => "",
    };
}
