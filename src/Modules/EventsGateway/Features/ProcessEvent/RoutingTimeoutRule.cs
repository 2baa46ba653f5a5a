using Gateway.EventsGateway.Routing;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>
/// An attempt that is cut off is not counted. So the call must time out before, with a margin for the store; otherwise an event
/// whose calls are never answered would be tried without end.
/// </summary>
internal sealed class RoutingTimeoutRule(IOptions<ProcessingOptions> processing) : IValidateOptions<RoutingOptions>
{
    public ValidateOptionsResult Validate(string? name, RoutingOptions options)
        => options.Timeout + ProcessingOptions.Margin <= processing.Value.AttemptTimeout
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{RoutingOptions.Section}:Timeout: must be {ProcessingOptions.Margin} shorter than "
                + $"{ProcessingOptions.Section}:AttemptTimeout ({processing.Value.AttemptTimeout})");
}
