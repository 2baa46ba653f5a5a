using System.ComponentModel.DataAnnotations;

namespace Gateway.Host;

public sealed class AppOptions
{
    public const string Section = "Gateway:App";

    /// <summary>The port (<c>PORT</c>) unless <c>ASPNETCORE_URLS</c> names addresses; 0 takes a free port.</summary>
    [Range(0, 65535, ErrorMessage = "must be between 0 and 65535")]
    public int Port { get; set; } = 3000;

    /// <summary>
    /// A second port, which alone serves operator API, console, metrics and the details of readiness; 0: all is on one port.
    /// </summary>
    [Range(0, 65535, ErrorMessage = "must be between 0 and 65535")]
    public int ManagementPort { get; set; }

    /// <summary>Serves /api-docs and the two documents under /api-docs-json.</summary>
    public bool ApiDocs { get; set; }

    /// <summary>Limit of the whole shutdown: requests in flight, then events in progress, then the store.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00", ErrorMessage = "must be between 00:00:01 and 00:05:00")]
    public TimeSpan StopWithin { get; set; } = TimeSpan.FromSeconds(15);
}
