using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Features.ListSources;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Sources;
using Gateway.EventsGateway.Sources.Configuration;
using Gateway.EventsGateway.Sources.Samples;
using Gateway.EventsGateway.Sources.Settings;
using Gateway.Shared;
using Gateway.Shared.Operator;
using Gateway.Shared.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway;

/// <summary>The configured sources: read once at start, and again when a file of theirs changes.</summary>
public static partial class EventsGatewayModule
{
    /// <summary>Runs <c>sources check</c> or <c>sources sample NAME</c>.</summary>
    /// <param name="services">The services of the host, which need not run.</param>
    /// <param name="arguments">Behind the word sources.</param>
    /// <param name="address">Where this gateway listens.</param>
    /// <param name="output">Takes the lines.</param>
    /// <returns>The exit code.</returns>
    public static int RunSources(IServiceProvider services, IReadOnlyList<string> arguments, string address, TextWriter output)
        => new SourceCommands(Port<LoadedSources>(services), Port<TimeProvider>(services), output).Run(arguments, address);

    private static void AddSources(this IServiceCollection services, GatewayOptions gateway, IConfiguration configuration)
    {
        services.AddKnownSection(SourcesOptions.Section).AddKnownSection(SourcesFile.Section);
        services.AddSingleton(provider => new SourceLoader(
            SettingsNode.Of(configuration.GetSection(SourcesOptions.Section)), configuration[SourcesFile.Section],
            gateway.HasIngest, WebhookSecretOf(provider), Port<TimeProvider>(provider)));
        services.AddSingleton(provider => Port<SourceLoader>(provider).Load());
        services.AddSingleton(provider => new CurrentSources(Port<LoadedSources>(provider).Table ?? SourceTable.Empty));
        services.AddSingleton<ISenderSecrets>(provider => new SenderSecrets(
            Port<CurrentSources>(provider), WebhookSecretOf(provider)));
        services.AddSingleton<IValidateOptions<SourcesOptions>, SourcesValidator>();
        services.AddOptions<SourcesOptions>().ValidateOnStart();
        if (gateway.HasIngest) services.AddSingleton(SourceGaugesOf);
        if (!HasSources(configuration)) return;
        services.AddHostedService<SourceReloader>();
        if (gateway.HasWorker || NamesAStore(configuration)) services.AddHostedService<SourceNameMonitor>();
        services.AddHealthChecks().AddCheck<SourcesHealthCheck>("sources");
    }

    private static Func<IEnumerable<SourceGauges>> SourceGaugesOf(IServiceProvider provider)
    {
        var (sources, ledger) = (Port<CurrentSources>(provider), Port<SourceLedger>(provider));
        var time = Port<TimeProvider>(provider);
        return () => [Of(CanonicalEvent.BuiltInSource, null), .. sources.Table.All.Select(one => Of(one.Name, one.Health))];

        SourceGauges Of(string source, SenderHealth? health)
        {
            var record = ledger.Of(source).Read();
            var silence = time.GetUtcNow() - (record.LastRequestAt ?? record.Start);
            return new SourceGauges(
                source, record.FailuresInARow, health?.SilenceAfter is null ? null : silence, health?.SilenceAfter);
        }
    }

    private static bool HasSources(IConfiguration configuration)
        => configuration.GetSection(SourcesOptions.Section).GetChildren().Any()
            || !string.IsNullOrEmpty(configuration[SourcesFile.Section]);

    /// <summary>Empty where it is wrong: its own validator reports that.</summary>
    private static string WebhookSecretOf(IServiceProvider provider)
    {
        try
        {
            return WebhookSecret(provider);
        }
        catch (OptionsValidationException)
        {
            return "";
        }
    }
}
