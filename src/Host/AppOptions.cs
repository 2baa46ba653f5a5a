using System.ComponentModel.DataAnnotations;
using Gateway.Shared;
using Microsoft.Extensions.Options;

namespace Gateway.Host;

public sealed class AppOptions
{
    public const string Section = "Gateway:App";

    /// <summary>Where the server listens (<c>PORT</c>) unless <c>ASPNETCORE_URLS</c> says otherwise; 0 takes a free port.</summary>
    [Range(0, 65535, ErrorMessage = "must be between 0 and 65535")]
    public int Port { get; set; } = 3000;

    /// <summary>Serves /api-docs and /api-docs-json.</summary>
    public bool ApiDocs { get; set; }

    /// <summary>Bound of the whole stop: requests in flight, then events in work, then the store.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00", ErrorMessage = "must be between 00:00:01 and 00:05:00")]
    public TimeSpan StopWithin { get; set; } = TimeSpan.FromSeconds(15);
}

/// <summary>What no module can know alone: events must have somewhere to go.</summary>
internal sealed class RoutingTargetRule(IConfiguration configuration) : IValidateOptions<AppOptions>
{
    public ValidateOptionsResult Validate(string? name, AppOptions options)
        => GatewayOptions.Of(configuration).HasWorker && string.IsNullOrEmpty(configuration["Gateway:Routing:Url"]) && !configuration.GetValue<bool>("Gateway:RoutingService:Enabled")
            ? ValidateOptionsResult.Fail(
                "Gateway:Routing:Url: is not set, and the stub (Gateway:RoutingService:Enabled) is off")
            : ValidateOptionsResult.Success;
}
