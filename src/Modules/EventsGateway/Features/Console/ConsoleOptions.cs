namespace Gateway.EventsGateway.Features.Console;

public sealed class ConsoleOptions
{
    public const string Section = "Gateway:Console";

    /// <summary>Serves /console to operators with the API key; without a key only on loopback in Development.</summary>
    public bool Enabled { get; set; } = true;
}
