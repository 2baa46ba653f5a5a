namespace Gateway.Shared;

/// <summary>Which engines stand behind the ports.</summary>
public enum GatewayProfile
{
    /// <summary>One SQLite file is queue and store; nothing to install, one process.</summary>
    Embedded,
}

/// <summary>Which halves of the gateway this process runs.</summary>
public enum GatewayRole
{
    /// <summary>Door and worker.</summary>
    All,
}

public sealed class GatewayOptions
{
    public const string Section = "Gateway";

    public GatewayProfile Profile { get; set; } = GatewayProfile.Embedded;

    public GatewayRole Role { get; set; } = GatewayRole.All;
}
