using Gateway.Shared.Errors;
using Gateway.Shared.Health;
using Gateway.Shared.Idempotency;
using Gateway.Shared.Mediation;
using Gateway.Shared.Mongo;
using Gateway.Shared.Operator;
using Gateway.Shared.Options;
using Gateway.Shared.RabbitMq;
using Gateway.Shared.Redis;
using Gateway.Shared.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Shared;

public static class SharedModule
{
    public static IServiceCollection AddShared(this IServiceCollection services)
    {
        services.ConfigureOptions<GatewayOptionsSetup>().AddOptions<GatewayOptions>().ValidateOnStart();
        services.AddValidatedOptions<OperatorOptions>(OperatorOptions.Section);
        services.AddValidatedOptions<SqliteOptions>(SqliteOptions.Section, GatewayProfile.Embedded);
        services.AddValidatedOptions<RabbitMqOptions>(RabbitMqOptions.Section, GatewayProfile.Distributed);
        services.AddValidatedOptions<RedisOptions>(RedisOptions.Section, GatewayProfile.Distributed);
        services.AddValidatedOptions<IdempotencyOptions>(IdempotencyOptions.Section, GatewayProfile.Distributed);
        services.AddValidatedOptions<MongoOptions>(MongoOptions.Section, GatewayProfile.Distributed);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<OperatorSessions>().AddSingleton<OperatorAccess>();
        services.AddMediation();
        services.AddHealthChecks();
        services.AddSingleton<Readiness>().AddHostedService<ReadinessMonitor>();
        services.AddExceptionHandler<GlobalExceptionHandler>();
        return services;
    }

    /// <summary>The deduplication cache in Redis, and what processes tell each other there.</summary>
    public static IServiceCollection AddIdempotency(this IServiceCollection services)
        => services.AddSingleton<RedisConnection>().AddSingleton<IIdempotencyService, IdempotencyServiceRedis>()
            .AddSingleton<ProcessBoard>();
}
