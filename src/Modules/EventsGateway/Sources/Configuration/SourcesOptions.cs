using Gateway.Shared;
using Gateway.Shared.RabbitMq;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Sources.Configuration;

/// <summary>The name of the section alone: <see cref="SourceLoader"/> reads its content, because presets lie below it.</summary>
internal sealed class SourcesOptions
{
    internal const string Section = "Gateway:Sources";
}

/// <summary>The optional file with more sources, JSON of the same form as the section.</summary>
internal static class SourcesFile
{
    internal const string Section = "Gateway:SourcesFile";
}

/// <summary>Reports the errors of all sources with those of all other settings.</summary>
internal sealed class SourcesValidator(LoadedSources loaded, IOptions<GatewayOptions> gateway, IOptions<RabbitMqOptions> rabbitMq)
    : IValidateOptions<SourcesOptions>
{
    public ValidateOptionsResult Validate(string? name, SourcesOptions options)
    {
        List<string> errors = [.. loaded.Errors];
        if (loaded.Table is not { All.Count: 0 } && gateway.Value.Profile == GatewayProfile.Distributed
            && rabbitMq.Value.PublishFormat == PublishFormat.Nest)
        {
            errors.Add(
                $"{SourcesOptions.Section}: sources need Gateway:RabbitMq:PublishFormat=Gateway; "
                + "the format Nest has no place for their events");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
