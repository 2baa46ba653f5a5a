namespace Gateway.EventsGateway.Entities;

/// <summary>How long an event waits after its claim was released. A release is not counted.</summary>
internal static class ReleasePolicy
{
    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    /// <param name="circuitOpenFor">The remaining time of the break; null if the circuit is not the cause.</param>
    public static TimeSpan WaitFor(TimeSpan? circuitOpenFor) => circuitOpenFor ?? Wait;
}
