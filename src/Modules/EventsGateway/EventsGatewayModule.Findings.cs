using Gateway.EventsGateway.Features.SendAlerts;
using Gateway.EventsGateway.Findings;
using Gateway.EventsGateway.Monitoring;
using Gateway.Shared.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway;

/// <summary>The rules of page and pager, and the messages of alerts.</summary>
public static partial class EventsGatewayModule
{
    private const string AlertClient = "alerts";

    /// <summary>The rules file of Prometheus, with the thresholds of these settings.</summary>
    public static string PrometheusRules(IServiceProvider services) => PrometheusFile.Of(Port<FindingRules>(services).All);

    private static void AddFindings(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<FindingRules>().AddSingleton<CurrentStatus>().AddSingleton<AlertTargets>();
        services.AddSingleton<FailedMerchants>();
        services.AddSingleton<FigureReader>().AddSingleton<RoutingFigureReader>().AddSingleton<SourceFigureReader>();
        services.AddHostedService<StatusMonitor>();
        services.AddAlerts(configuration);
    }

    private static void AddAlerts(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidatedOptions<AlertOptions>(AlertOptions.Section);
        var (toWebhook, toSlack) = (IsSet(nameof(AlertOptions.Webhook)), IsSet(nameof(AlertOptions.Slack)));
        if (!toWebhook && !toSlack) return;
        services.AddHttpClient(AlertClient, client => client.Timeout = TimeSpan.FromSeconds(10))
            .UseSocketsHttpHandler((handler, _) =>
            {
                (handler.AllowAutoRedirect, handler.UseCookies) = (false, false);
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
                // No span: its address may be a secret.
                handler.ActivityHeadersPropagator = null;
            })
            .RemoveAllLoggers();
        if (toWebhook)
        {
            services.AddTarget("webhook", (options, message, now)
                => AlertRequests.ToWebhook(options.Webhook!, options.Secret, message, now));
        }

        if (toSlack) services.AddTarget("slack", (options, message, _) => AlertRequests.ToSlack(options.Slack!, message));
        services.AddHostedService<AlertSender>();

        bool IsSet(string name) => ValidatedOptions.IsSet(configuration, $"{AlertOptions.Section}:{name}");
    }

    private static void AddTarget(
        this IServiceCollection services, string name,
        Func<AlertOptions, AlertMessage, DateTimeOffset, HttpRequestMessage> requestOf)
    {
        services.AddKeyedSingleton(name, (provider, _) =>
        {
            var options = Port<IOptions<AlertOptions>>(provider).Value;
            return ActivatorUtilities.CreateInstance<AlertTarget>(
                provider, name, (AlertMessage message, DateTimeOffset now) => requestOf(options, message, now),
                Port<IHttpClientFactory>(provider).CreateClient(AlertClient));
        });
        services.AddSingleton(provider => provider.GetRequiredKeyedService<AlertTarget>(name));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<AlertTarget>(name));
    }
}
