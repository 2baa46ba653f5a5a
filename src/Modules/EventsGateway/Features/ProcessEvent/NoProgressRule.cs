using Gateway.EventsGateway.Monitoring;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>Attempts that all take their full time are slow, not stalled.</summary>
internal sealed class NoProgressRule(IOptions<ProcessingOptions> processing) : IValidateOptions<HealthOptions>
{
    public ValidateOptionsResult Validate(string? name, HealthOptions options)
        => options.NoProgressFor >= processing.Value.AttemptTimeout + ProcessingOptions.Margin
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{HealthOptions.Section}:NoProgressFor: must be {ProcessingOptions.Margin} longer than "
                + $"{ProcessingOptions.Section}:AttemptTimeout ({processing.Value.AttemptTimeout})");
}
