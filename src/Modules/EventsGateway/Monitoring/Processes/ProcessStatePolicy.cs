namespace Gateway.EventsGateway.Monitoring.Processes;

/// <summary>What the silence of a process means.</summary>
internal static class ProcessStatePolicy
{
    public const string Stopped = "stopped";
    public const string Missing = "missing";

    /// <summary>Four of its descriptions.</summary>
    public static readonly TimeSpan MissingAfter = TimeSpan.FromSeconds(20);

    /// <summary>A rolling restart shows both the old processes and the new ones.</summary>
    public static readonly TimeSpan StoppedShown = TimeSpan.FromMinutes(10);

    /// <summary>Null where it is no longer listed.</summary>
    public static string? Of(string state, TimeSpan age)
        => state == Stopped ? age > StoppedShown ? null : Stopped
            : age > MissingAfter ? Missing
            : state;
}
