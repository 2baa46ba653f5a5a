namespace Gateway.EventsGateway.Entities;

/// <summary>How long an event waits after its claim was released. A release is not counted.</summary>
internal static class ReleasePolicy
{
    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    /// <summary>With the default break of 5 s: a minute.</summary>
    private const int SpreadInBreaks = 12;

    /// <summary>Spreads the events of an open circuit, so that they neither come all at once nor fill every claim.</summary>
    public static TimeSpan SpreadOf(TimeSpan circuitBreak) => SpreadInBreaks * circuitBreak;

    /// <param name="rest">Of the break, or of the pause that the service asked for.</param>
    /// <param name="circuitBreak">The configured break.</param>
    public static TimeSpan WaitForCircuit(TimeSpan rest, TimeSpan circuitBreak)
        => rest + (SpreadOf(circuitBreak) * Random.Shared.NextDouble());
}
