using System.Globalization;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.Memory;

namespace Gateway.Host;

/// <summary>
/// The flat variable names of the NestJS original keep working. They override the settings files; a variable with the name of
/// the key (<c>Gateway__Processing__Prefetch</c>) overrides them.
/// </summary>
internal static class LegacyEnvironmentVariables
{
    public static readonly IReadOnlyDictionary<string, string> Keys = new Dictionary<string, string>
    {
        ["PORT"] = "Gateway:App:Port",
        ["WEBHOOK_SECRET"] = "Gateway:Webhook:Secret",
        ["RABBITMQ_URL"] = "Gateway:RabbitMq:Url",
        ["REDIS_HOST"] = "Gateway:Redis:Host",
        ["REDIS_PORT"] = "Gateway:Redis:Port",
        ["REDIS_PASSWORD"] = "Gateway:Redis:Password",
        ["REDIS_IDEMPOTENCY_TTL"] = "Gateway:Idempotency:TtlSeconds",
        ["MONGODB_URI"] = "Gateway:Mongo:Uri",
        ["WORKER_PREFETCH"] = "Gateway:Processing:Prefetch",
        ["WORKER_MAX_RETRIES"] = "Gateway:Processing:MaxRetries",
        ["ROUTING_SERVICE_URL"] = "Gateway:Routing:Url",
        ["ROUTING_SERVICE_DELAY_MS"] = "Gateway:RoutingService:DelayMs",
        // Not of the original: beside REDIS_HOST, and the names that images use for secrets in files.
        ["REDIS_SENTINELS"] = "Gateway:Redis:Sentinels",
        ["WEBHOOK_SECRET_FILE"] = "Gateway:Webhook:SecretFile",
        ["RABBITMQ_URL_FILE"] = "Gateway:RabbitMq:UrlFile",
        ["REDIS_PASSWORD_FILE"] = "Gateway:Redis:PasswordFile",
        ["MONGODB_URI_FILE"] = "Gateway:Mongo:UriFile",
        ["ROUTING_SERVICE_URL_FILE"] = "Gateway:Routing:UrlFile",
    };

    /// <summary>Adds the flat name, which the author of the setting may have used, to the line of a startup error.</summary>
    public static string WithFlatName(string line)
    {
        var (flat, key) = Keys.FirstOrDefault(pair => line.StartsWith($"{pair.Value}:", StringComparison.Ordinal));
        return flat is null ? line : $"{key} ({flat}){line[key.Length..]}";
    }

    /// <summary>
    /// Where a service is called redis, Kubernetes sets REDIS_PORT=tcp://10.96.0.12:6379. The host that is set beside it stays.
    /// </summary>
    private static void ReadServiceLink(Dictionary<string, string?> values)
    {
        var (port, host) = (Keys["REDIS_PORT"], Keys["REDIS_HOST"]);
        if (!Uri.TryCreate(values.GetValueOrDefault(port), UriKind.Absolute, out var link) || link.Scheme != "tcp") return;
        values[port] = link.Port.ToString(CultureInfo.InvariantCulture);
        values.TryAdd(host, link.Host);
    }

    public static void AddLegacyEnvironmentVariables(this ConfigurationManager configuration)
    {
        var values = Keys
            .Where(pair => !string.IsNullOrEmpty(configuration[pair.Key]))
            .ToDictionary(pair => pair.Value, pair => configuration[pair.Key]);
        ReadServiceLink(values);
        IList<IConfigurationSource> sources = configuration.Sources;
        var afterTheFiles = sources.Select((source, index) => source is JsonConfigurationSource ? index + 1 : 0).Max();
        sources.Insert(afterTheFiles, new MemoryConfigurationSource { InitialData = values });
    }
}
