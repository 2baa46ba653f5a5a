using Gateway.EventsGateway.Routing;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>
/// An attempt that is cut off spends nothing, so the routing service's silence must be noticed before, and the store
/// needs a moment before the call: else an event would meet it for ever.
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
