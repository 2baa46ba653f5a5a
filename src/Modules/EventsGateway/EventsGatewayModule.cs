using System.Reflection;
using Gateway.EventsGateway.Events;
using Gateway.EventsGateway.Features.DeadLetterEvents;
using Gateway.EventsGateway.Features.ExpireEvents;
using Gateway.EventsGateway.Features.ForgetSeen;
using Gateway.EventsGateway.Features.IntakeEvents;
using Gateway.EventsGateway.Features.ProcessEvent;
using Gateway.EventsGateway.Features.ReceiveEvent;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;
using Gateway.EventsGateway.Telemetry;
using Gateway.Shared;
using Gateway.Shared.Mediation;
using Gateway.Shared.Options;
using Gateway.Shared.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway;

public static class EventsGatewayModule
{
    /// <summary>Where the signature of a webhook travels.</summary>
    public const string SignatureHeader = HmacMiddleware.Header;

    /// <summary>The name of this module's meter and of its source of spans.</summary>
    public const string TelemetryName = GatewayMetrics.MeterName;

    public static IServiceCollection AddEventsGateway(this IServiceCollection services, IConfiguration configuration)
    {
        var gateway = GatewayOptions.Of(configuration);
        services.AddHandlersOf(Assembly.GetExecutingAssembly());
        if (gateway.Profile == GatewayProfile.Embedded) services.AddEmbeddedProfile();
        else services.AddDistributedProfile();
        services.AddRoutesOnlyWhen(controller => controller == typeof(ForgetSeenController), _ => gateway.Profile == GatewayProfile.Distributed);
        services.AddSingleton<AuditTrail>();
        services.AddTelemetry(gateway);
        services.AddDoor();
        services.AddWorker(gateway);
        services.AddHealth(gateway, configuration);
        services.AddConsole();
        return services;
    }

    /// <summary>After routing, before the endpoints: the signature is checked for the endpoint that was chosen.</summary>
    public static IApplicationBuilder UseEventsGateway(this IApplicationBuilder app) => app.UseMiddleware<HmacMiddleware>();

    private static void AddEmbeddedProfile(this IServiceCollection services)
    {
        services.AddSingleton(EventSchemaSqlite.Schema);
        services.AddSingleton<SqliteDatabase>();
        services.AddSingleton<IEventQueue, EventQueueSqlite>();
        services.AddSingleton<IEventRepository, EventRepositorySqlite>();
        services.AddSingleton<IEventQueries, EventQueriesSqlite>();
        services.AddSingleton<IShipmentRepository, ShipmentRepositorySqlite>();
        services.AddSingleton<IAuditRepository, AuditRepositorySqlite>();
        services.AddSingleton<IEventRetention, EventRetentionSqlite>();
        services.AddSingleton<IEventErasure, EventErasureSqlite>();
        services.AddHostedService<SqliteOpening>();
    }

    private static void AddDoor(this IServiceCollection services)
    {
        services.AddRoutesOnlyWhen(
            controller => controller == typeof(ReceiveEventController),
            provider => provider.GetRequiredService<IOptions<GatewayOptions>>().Value.HasDoor);
        services.AddValidatedOptions<WebhookOptions>(WebhookOptions.Section);
        services.AddSingleton<IValidateOptions<WebhookOptions>, WebhookSecretRule>();
        services.AddSingleton<WebhookSignature>();
        services.AddSingleton<DoorWatch>();
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<WebhookOptions>>().Value;
            return new GroupCommit<AcceptedEvent, EnqueueResult>(
                provider.GetRequiredService<IEventQueue>().EnqueueAsync,
                e => e.Body.Length + (2 * (e.Headers?.Length ?? 0)),
                new GroupCommitOptions
                {
                    Committers = options.Committers,
                    MaxGroup = options.MaxGroup,
                    MaxWaiting = options.MaxWaiting,
                    MaxWaitingBytes = options.MaxWaitingBytes,
                    Deadline = options.Deadline,
                    OnGroup = provider.GroupsOf("door"),
                },
                provider.GetRequiredService<TimeProvider>());
        });
    }

    private static void AddWorker(this IServiceCollection services, GatewayOptions gateway)
    {
        services.AddValidatedOptions<ProcessingOptions>(ProcessingOptions.Section);
        services.AddValidatedOptions<RoutingOptions>(RoutingOptions.Section);
        services.AddSingleton<IValidateOptions<RoutingOptions>, RoutingTimeoutRule>();
        services.AddHttpClient(RoutingServiceClient.HttpClientName)
            .ConfigureHttpClient(client =>
            {
                // Polly keeps the time.
                client.Timeout = Timeout.InfiniteTimeSpan;
            })
            .UseSocketsHttpHandler((handler, _) =>
            {
                handler.AllowAutoRedirect = false;
                handler.UseCookies = false;
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
            })
            .RemoveAllLoggers();
        services.AddSingleton<WorkSignal>();
        services.AddSingleton<RoutingTarget>();
        services.AddSingleton<RoutingBreaker>();
        services.AddSingleton<RoutingServiceClient>();
        services.AddSingleton<RetrySchedule>();
        services.AddSingleton<AttemptJudge>();
        services.AddSingleton<OutcomeWriter>();
        services.AddSingleton<WorkerWatch>();
        services.AddSingleton<AttemptRunner>();
        services.AddGroupsOf<EventEntity, ShipmentEntity>("folds", provider => provider.GetRequiredService<IShipmentRepository>().FoldAsync);
        services.AddGroupsOf<AttemptOutcome, bool>("outcomes", provider => provider.GetRequiredService<IEventRepository>().SaveOutcomesAsync);
        services.AddSingleton<EventsDispatcher>();
        services.AddValidatedOptions<RetentionOptions>(RetentionOptions.Section);
        if (!gateway.HasWorker) return;
        services.AddHostedService<EventsSweeper>();
        // Stopped in the opposite order: first nothing more comes in, then what is in work ends.
        services.AddHostedService(provider => provider.GetRequiredService<EventsDispatcher>());
        if (gateway.Profile == GatewayProfile.Embedded) return;
        services.AddHostedService<DeadLetterProcessor>();
        services.AddSingleton<IntakeWatch>();
        services.AddSingleton<EventsQueueProcessor>();
        services.AddHostedService(provider => provider.GetRequiredService<EventsQueueProcessor>());
    }

    /// <summary>What attempts in flight write into the store, together. An attempt has nothing better to do than to wait for it.</summary>
    private static void AddGroupsOf<TItem, TResult>(
        this IServiceCollection services, string name, Func<IServiceProvider, GroupCommit<TItem, TResult>.CommitGroup> commit)
        => services.AddSingleton(provider => new GroupCommit<TItem, TResult>(
            commit(provider), _ => 0,
            // One group forms while another is written. On MongoDB groups had 15 outcomes with four committers, 17 with two.
            new GroupCommitOptions { Committers = 2, MaxGroup = 128, Deadline = Timeout.InfiniteTimeSpan, OnGroup = provider.GroupsOf(name) },
            provider.GetRequiredService<TimeProvider>()));
}
