using Gateway.EventsGateway.Audit;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway.Parts;

/// <summary>One SQLite file behind all ports.</summary>
internal static class EmbeddedProfile
{
    public static void AddEmbeddedProfile(this IServiceCollection services)
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
}
