namespace Gateway.EventsGateway.Entities;

/// <summary>When an event is due again whose claim was released. A release counts nothing.</summary>
internal static class ReleasePolicy
{
    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    /// <param name="circuitOpenFor">The rest of the break; null where the circuit is not the cause.</param>
    public static TimeSpan WaitFor(TimeSpan? circuitOpenFor) => circuitOpenFor ?? Wait;
}
