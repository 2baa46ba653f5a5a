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
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Gateway.Shared;

public static class SharedModule
{
    public static IServiceCollection AddShared(this IServiceCollection services)
    {
        services.ConfigureOptions<GatewayOptionsSetup>().AddOptions<GatewayOptions>().ValidateOnStart();
        services.AddValidatedOptions<SqliteOptions>(SqliteOptions.Section, GatewayProfile.Embedded);
        services.AddValidatedOptions<RabbitMqOptions>(RabbitMqOptions.Section, GatewayProfile.Distributed);
        services.AddValidatedOptions<RedisOptions>(RedisOptions.Section, GatewayProfile.Distributed);
        services.AddValidatedOptions<IdempotencyOptions>(IdempotencyOptions.Section, GatewayProfile.Distributed);
        services.AddValidatedOptions<MongoOptions>(MongoOptions.Section, GatewayProfile.Distributed);
        services.TryAddSingleton(TimeProvider.System);
        services.AddOperators();
        services.AddMediation();
        services.AddHealthChecks();
        services.AddSingleton<Readiness>().AddHostedService<ReadinessMonitor>();
        services.AddExceptionHandler<GlobalExceptionHandler>();
        return services;
    }

    private static void AddOperators(this IServiceCollection services)
    {
        services.AddKnownSection(OperatorOptions.Section).AddSingleton<OperatorKeyReader>();
        services.AddSingleton(provider => new OperatorKeys(provider.GetRequiredService<OperatorKeyReader>()));
        services.AddSingleton<IValidateOptions<OperatorOptions>, OperatorKeysValidator>();
        services.AddOptions<OperatorOptions>().ValidateOnStart();
        services.AddSingleton<KeyGuard>().AddSingleton<OperatorSessions>().AddSingleton<OperatorAccess>();
        services.AddHostedService<OperatorKeyReloader>();
        services.AddOptions<HealthCheckServiceOptions>().Configure<OperatorKeyReader, OperatorKeys>((health, reader, keys) =>
        {
            if (!reader.HasFiles) return;
            health.Registrations.Add(new HealthCheckRegistration(
                "operator-keys", _ => new OperatorKeysHealthCheck(keys), failureStatus: null, tags: null));
        });
    }

    /// <summary>The deduplication cache in Redis, and what processes tell each other there.</summary>
    public static IServiceCollection AddIdempotency(this IServiceCollection services)
        => services.AddSingleton<RedisConnection>().AddSingleton<IIdempotencyService, IdempotencyServiceRedis>()
            .AddSingleton<ProcessBoard>();
}
