using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Queue.Sqlite;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Repositories.Sqlite;
using Gateway.Shared;
using Gateway.Shared.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway;

/// <summary>The adapters of the profile Embedded: one SQLite file behind all ports.</summary>
public static partial class EventsGatewayModule
{
    /// <summary>
    /// SQLite commits one transaction at a time; a second committer would take the first events out of the next one. At 100
    /// connections a group had 24 events with four committers and 49 with one.
    /// </summary>
    private static int CommittersOf(this GatewayOptions gateway, int several)
        => gateway.Profile == GatewayProfile.Embedded ? 1 : several;

    private static void AddEmbeddedProfile(this IServiceCollection services)
    {
        services.AddSingleton(EventSchema.Schema);
        // Opened before the server listens: an unusable file is a startup error, not the failure of the first webhook.
        services.AddActivatedSingleton<SqliteDatabase>();
        services.AddSingleton<IEventQueue, EventQueueSqlite>();
        services.AddSingleton<IEventRepository, EventRepositorySqlite>();
        services.AddSingleton<IEventQueries, EventQueriesSqlite>();
        services.AddSingleton<IShipmentRepository, ShipmentRepositorySqlite>();
        services.AddSingleton<IAuditRepository, AuditRepositorySqlite>();
        services.AddSingleton<IEventRetention, EventRetentionSqlite>();
        services.AddSingleton<IEventErasure, EventErasureSqlite>();
        services.AddSingleton<IEventDismissal, EventDismissalSqlite>();
        services.AddSingleton<IPauseRepository, PauseRepositorySqlite>();
        services.AddSingleton<IHistoryRepository, HistoryRepositorySqlite>();
    }
}
