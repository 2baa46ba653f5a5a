using Gateway.Shared.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Gateway.Shared;

/// <summary>Which engines stand behind the ports.</summary>
public enum GatewayProfile
{
    /// <summary>One SQLite file is queue and store; nothing to install, one process.</summary>
    Embedded,

    /// <summary>RabbitMQ, Redis and MongoDB; any number of processes.</summary>
    Distributed,
}

/// <summary>Which halves of the gateway this process runs.</summary>
public enum GatewayRole
{
    /// <summary>Door and worker.</summary>
    All,

    /// <summary>The door alone: it needs RabbitMQ and nothing else.</summary>
    Ingest,

    /// <summary>The worker alone: no webhook is taken in.</summary>
    Worker,
}

public sealed class GatewayOptions
{
    public const string Section = "Gateway";

    public GatewayProfile Profile { get; set; } = GatewayProfile.Embedded;

    public GatewayRole Role { get; set; } = GatewayRole.All;

    public bool HasIngest => Role != GatewayRole.Worker;

    public bool HasWorker => Role != GatewayRole.Ingest;

    /// <summary>For the composition, before any container exists. What cannot be read is a mistake that the start tells.</summary>
    public static GatewayOptions Of(IConfiguration configuration) => new()
    {
        Profile = Enum.TryParse<GatewayProfile>(configuration[$"{Section}:{nameof(Profile)}"], ignoreCase: true, out var profile) ? profile : default,
        Role = Enum.TryParse<GatewayRole>(configuration[$"{Section}:{nameof(Role)}"], ignoreCase: true, out var role) ? role : default,
    };
}

/// <summary>The root section: its own values, and no child that no module reads.</summary>
internal sealed class GatewayOptionsSetup(IConfiguration configuration, IEnumerable<KnownSection> sections)
    : IConfigureOptions<GatewayOptions>, IValidateOptions<GatewayOptions>
{
    public void Configure(GatewayOptions options)
    {
        options.Profile = Read<GatewayProfile>(nameof(options.Profile));
        options.Role = Read<GatewayRole>(nameof(options.Role));
    }

    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var mistakes = configuration.GetSection(GatewayOptions.Section).GetChildren()
            .Where(child => child.Key is not (nameof(options.Profile) or nameof(options.Role))
                            && !sections.Any(section => string.Equals(section.Path, child.Path, StringComparison.OrdinalIgnoreCase)))
            .Select(child => $"{child.Path}: is not a known key")
            .ToList();
        if (!string.IsNullOrEmpty(configuration["RABBITMQ_URL"]) && options.Profile == GatewayProfile.Embedded)
            mistakes.Add("RABBITMQ_URL: is set, but the profile Embedded uses no broker; set Gateway:Profile=Distributed, or unset the variable");
        if (options is { Profile: GatewayProfile.Embedded, Role: not GatewayRole.All })
            mistakes.Add($"{GatewayOptions.Section}:Role: {options.Role} needs the profile Distributed; the file of Embedded has one owner");
        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
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
