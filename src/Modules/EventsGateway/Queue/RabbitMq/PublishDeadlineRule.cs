using Gateway.EventsGateway.Features.ReceiveEvent;
using Gateway.Shared.RabbitMq;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Queue.RabbitMq;

/// <summary>A publish that hangs must end by its own deadline, not by its sender's: it knows which channel to give up.</summary>
internal sealed class PublishDeadlineRule(IOptions<WebhookOptions> webhook) : IValidateOptions<RabbitMqOptions>
{
    public ValidateOptionsResult Validate(string? name, RabbitMqOptions options)
        => options.PublishDeadline < webhook.Value.Deadline
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{RabbitMqOptions.Section}:PublishDeadline: must be shorter than {WebhookOptions.Section}:Deadline ({webhook.Value.Deadline})");
}
