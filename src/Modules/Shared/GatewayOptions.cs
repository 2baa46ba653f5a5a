using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Gateway.Shared;

/// <summary>Which backends the gateway uses.</summary>
public enum GatewayProfile
{
    /// <summary>One SQLite file is queue and store: one process, no other servers.</summary>
    Embedded,

    /// <summary>RabbitMQ, Redis and MongoDB: any number of processes.</summary>
    Distributed,
}

/// <summary>Which parts of the gateway this process runs.</summary>
public enum GatewayRole
{
    /// <summary>Ingest and worker.</summary>
    All,

    /// <summary>Ingest only: needs RabbitMQ and no store.</summary>
    Ingest,

    /// <summary>Worker only: accepts no webhooks.</summary>
    Worker,
}

public sealed class GatewayOptions
{
    public const string Section = "Gateway";

    public GatewayProfile Profile { get; set; } = GatewayProfile.Embedded;

    public GatewayRole Role { get; set; } = GatewayRole.All;

    public bool HasIngest => Role != GatewayRole.Worker;

    public bool HasWorker => Role != GatewayRole.Ingest;

    /// <summary>For the composition, before the container exists. The validation at start reports unreadable values.</summary>
    public static GatewayOptions Of(IConfiguration configuration) => new()
    {
        Profile = ReadOrDefault<GatewayProfile>(configuration, nameof(Profile)),
        Role = ReadOrDefault<GatewayRole>(configuration, nameof(Role)),
    };

    private static T ReadOrDefault<T>(IConfiguration configuration, string key) where T : struct, Enum
        => Enum.TryParse<T>(configuration[$"{Section}:{key}"], ignoreCase: true, out var value) ? value : default;
}

/// <summary>Reads the root section and rejects child sections that no module reads.</summary>
internal sealed class GatewayOptionsSetup(IConfiguration configuration, IEnumerable<KnownSection> sections)
    : IConfigureOptions<GatewayOptions>, IValidateOptions<GatewayOptions>
{
    /// <summary>
    /// Variables of the original that name a backend. Not REDIS_PORT: Kubernetes sets it where a service is called redis.
    /// </summary>
    private static readonly string[] OfDistributed =
        ["RABBITMQ_URL", "RABBITMQ_URL_FILE", "MONGODB_URI", "MONGODB_URI_FILE", "REDIS_HOST", "REDIS_SENTINELS"];

    public void Configure(GatewayOptions options)
    {
        options.Profile = Read<GatewayProfile>(nameof(options.Profile));
        options.Role = Read<GatewayRole>(nameof(options.Role));
    }

    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var errors = configuration.GetSection(GatewayOptions.Section).GetChildren()
            .Where(child => child.Key is not (nameof(options.Profile) or nameof(options.Role))
                            && !sections.Any(
                                section => string.Equals(section.Path, child.Path, StringComparison.OrdinalIgnoreCase)))
            .Select(child => $"{child.Path}: is not a known key")
            .ToList();
        if (options.Profile == GatewayProfile.Embedded)
        {
            errors.AddRange(OfDistributed.Where(name => !string.IsNullOrEmpty(configuration[name])).Select(name =>
                $"{name}: is set, but the profile Embedded uses one SQLite file and nothing else; "
                + "set Gateway:Profile=Distributed or unset the variable"));
        }

        if (options is { Profile: GatewayProfile.Embedded, Role: not GatewayRole.All })
        {
            errors.Add(
                $"{GatewayOptions.Section}:Role: {options.Role} needs the profile Distributed; "
                + "the database file of Embedded has one owner");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private T Read<T>(string key) where T : struct, Enum
    {
        var text = configuration[$"{GatewayOptions.Section}:{key}"];
        if (string.IsNullOrEmpty(text)) return default;
        return Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value)
            ? value
            : throw new OptionsValidationException(
                GatewayOptions.Section, typeof(GatewayOptions),
                [$"{GatewayOptions.Section}:{key}: '{text}' must be one of {string.Join(", ", Enum.GetNames<T>())}"]);
    }
}

/// <summary>A section that a module reads; any other section below <c>Gateway</c> is an error.</summary>
internal sealed record KnownSection(string Path);
