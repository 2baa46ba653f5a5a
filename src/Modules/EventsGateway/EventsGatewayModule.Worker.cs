using System.Net;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Features.ProcessEvent;
using Gateway.EventsGateway.Features.PublishDeadLetters;
using Gateway.EventsGateway.Features.StoreQueuedEvents;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;
using Gateway.Shared;
using Gateway.Shared.Hosting;
using Gateway.Shared.Options;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway;

/// <summary>The worker: from the queue to the outcome.</summary>
public static partial class EventsGatewayModule
{
    private static void AddWorker(this IServiceCollection services, GatewayOptions gateway)
    {
        services.AddRouting();
        services.AddAttempts(gateway);
        if (!gateway.HasWorker) return;
        // Stopped in the opposite order: first the queue reader, then the attempts in flight.
        services.AddHostedService<RoutingAddressCheck>();
        services.AddHostedService(provider => provider.GetRequiredService<EventsDispatcher>());
        if (gateway.Profile == GatewayProfile.Embedded) return;
        services.AddHostedService<DeadLetterProcessor>();
        services.AddSingleton<StoreQueuedEventsTelemetry>();
        services.AddSingleton<EventsQueueProcessor>();
        services.AddHostedService(provider => provider.GetRequiredService<EventsQueueProcessor>());
    }

    private static void AddRouting(this IServiceCollection services)
    {
        services.AddValidatedOptions<RoutingOptions>(RoutingOptions.Section).Validate<IOptions<ProcessingOptions>>(
            // An attempt that is cut off does not count, so the call must time out first, with time left for the store: otherwise
            // an event would be retried without end.
            (routing, processing) => routing.Timeout + ProcessingOptions.Margin <= processing.Value.AttemptTimeout,
            $"{RoutingOptions.Section}:Timeout: must be {ProcessingOptions.Margin} shorter than "
            + $"{ProcessingOptions.Section}:AttemptTimeout");
        services.AddHttpClient(RoutingServiceClient.HttpClientName)
            .ConfigureHttpClient((provider, client) =>
            {
                // Polly applies the timeout.
                client.Timeout = Timeout.InfiniteTimeSpan;
                provider.GetRequiredService<RoutingTarget>().AddHeadersTo(client.DefaultRequestHeaders);
            })
            .UseSocketsHttpHandler((handler, _) =>
            {
                handler.AllowAutoRedirect = false;
                handler.UseCookies = false;
                handler.AutomaticDecompression =
                    DecompressionMethods.GZip | DecompressionMethods.Deflate | DecompressionMethods.Brotli;
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
            })
            .RemoveAllLoggers();
        services.AddSingleton<RoutingTarget>();
        services.AddSingleton<CallPace>();
        services.AddSingleton<RoutingCircuits>();
        services.AddSingleton<RoutingPauses>();
        services.AddSingleton<RecentCalls>();
        services.AddSingleton<RoutingServiceClient>();
    }

    private static void AddAttempts(this IServiceCollection services, GatewayOptions gateway)
    {
        services.AddValidatedOptions<ProcessingOptions>(ProcessingOptions.Section);
        if (gateway.Profile == GatewayProfile.Distributed)
        {
            // The clocks of several ingest processes.
            services.PostConfigure<ProcessingOptions>(options => options.ArrivalTolerance ??= TimeSpan.FromSeconds(1));
        }

        services.AddSingleton<WorkSignal>();
        services.AddSingleton<RetrySchedule>();
        services.AddSingleton<DeadlinePolicy>();
        services.AddSingleton<AttemptOutcomePolicy>();
        services.AddSingleton<OutcomeWriter>();
        services.AddSingleton<ContainerMapping>();
        services.AddSingleton<ProcessEventTelemetry>();
        services.AddSingleton<CallSlots>();
        services.AddSingleton<AttemptRunner>();
        services.AddSingleton<RoutingDecisionPolicy>();
        services.AddSingleton(EffectiveTimes);
        // One group forms while another is written. On MongoDB a group had 17 outcomes with two committers, 15 with four.
        var committers = gateway.CommittersOf(2);
        services.AddGroupsOf<EventEntity, ShipmentEntity>("shipment-updates", committers, ShipmentUpdates);
        services.AddGroupsOf<AttemptOutcome, bool>(
            "outcomes", committers, provider => provider.GetRequiredService<IEventRepository>().SaveOutcomesAsync);
        services.AddSingleton<EventClaims>();
        services.AddSingleton<EventsDispatcher>();
    }

    private static GroupCommit<EventEntity, ShipmentEntity>.CommitGroup ShipmentUpdates(IServiceProvider provider)
    {
        var (shipments, options) = (Port<IShipmentRepository>(provider), Port<IOptions<ProcessingOptions>>(provider).Value);
        return events => shipments.ApplyAsync(events, options.NewCycleAfter);
    }

    private static EffectiveTimePolicy EffectiveTimes(IServiceProvider provider)
    {
        var options = Port<IOptions<ProcessingOptions>>(provider).Value;
        return new EffectiveTimePolicy(
            options.OldestOccurredAt, options.LatestOccurredAt, Port<GatewayMetrics>(provider).AddImplausibleTime);
    }

    /// <summary>
    /// Writes of attempts in flight are committed in groups, without a deadline: no client waits for an attempt.
    /// </summary>
    private static void AddGroupsOf<TItem, TResult>(
        this IServiceCollection services, string name, int committers,
        Func<IServiceProvider, GroupCommit<TItem, TResult>.CommitGroup> commit)
        => services.AddSingleton(provider => new GroupCommit<TItem, TResult>(
            commit(provider), _ => 0,
            new GroupCommitOptions
            {
                Committers = committers, MaxGroup = 128, Deadline = Timeout.InfiniteTimeSpan, OnGroup = provider.GroupsOf(name),
            },
            provider.GetRequiredService<TimeProvider>()));
}
