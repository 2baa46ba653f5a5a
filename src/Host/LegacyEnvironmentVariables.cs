using System.Globalization;
using Gateway.Shared;
using Gateway.Shared.Errors;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.Memory;

namespace Gateway.Host;

/// <summary>
/// The flat variable names of the NestJS original keep working. They override the settings files; a variable with the name of
/// the key (<c>Gateway__Processing__Prefetch</c>) overrides them.
/// </summary>
internal static partial class LegacyEnvironmentVariables
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

    /// <summary>Variables of the original alone: where one is set, its whole environment was probably copied.</summary>
    private static readonly string[] NotRead =
        ["NODE_ENV", "RABBITMQ_EXCHANGE", "RABBITMQ_QUEUE", "RABBITMQ_DLQ", "RABBITMQ_ROUTING_KEY"];

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

    /// <summary>Variables of an environment of the original that mean something else here, or nothing.</summary>
    public static IEnumerable<string> WarningsOf(IConfiguration configuration)
    {
        string[] unread = [.. NotRead.Where(IsSet)];
        if (unread.Length > 0) yield return $"{string.Join(", ", unread)}: not read here (docs/porting/2-differences.md)";
        if (!GatewayOptions.Of(configuration).HasWorker) yield break;
        if (configuration["WORKER_PREFETCH"] == "10")
        {
            yield return "WORKER_PREFETCH=10: at most 10 routing calls at once in this process, 5 events/s at 2 s per call; the "
                + "BullMQ version ignored it and made 20; unset it for 100";
        }

        if (unread.Length > 0 && IsSet("WORKER_MAX_RETRIES"))
        {
            yield return $"WORKER_MAX_RETRIES={configuration["WORKER_MAX_RETRIES"]}: retries after the first call; the BullMQ "
                + "version ignored it and made 3 calls in all, which is 2 here";
        }

        bool IsSet(string name) => !string.IsNullOrEmpty(configuration[name]);
    }

    public static void WarnOfOriginalVariables(this WebApplication app)
    {
        foreach (var warning in WarningsOf(app.Configuration)) OriginalVariable(app.Logger, OutsideText.Clean(warning));
    }

    [LoggerMessage(241, LogLevel.Warning, "Variable of the NestJS original: {Meaning}")]
    private static partial void OriginalVariable(ILogger log, OutsideText meaning);

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
