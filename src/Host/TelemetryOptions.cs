namespace Gateway.Host;

public sealed class TelemetryOptions
{
    public const string Section = "Gateway:Telemetry";

    /// <summary>Collects metrics and serves /metrics.</summary>
    public bool Metrics { get; set; } = true;
}
