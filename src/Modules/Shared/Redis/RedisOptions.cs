using System.ComponentModel.DataAnnotations;
using System.Net;
using StackExchange.Redis;

namespace Gateway.Shared.Redis;

public sealed class RedisOptions : IValidatableObject
{
    public const string Section = "Gateway:Redis";

    /// <summary><c>REDIS_HOST</c></summary>
    [Required(ErrorMessage = "must be a host")]
    public string Host { get; set; } = "localhost";

    /// <summary><c>REDIS_PORT</c></summary>
    [Range(1, 65535, ErrorMessage = "must be between 1 and 65535")]
    public int Port { get; set; } = 6379;

    /// <summary><c>REDIS_PASSWORD</c></summary>
    [StringLength(512, ErrorMessage = "must have at most 512 characters")]
    public string Password { get; set; } = "";

    /// <summary>A file with the password; read again for each connection.</summary>
    public string PasswordFile { get; set; } = "";

    /// <summary>
    /// Addresses of sentinels (<c>REDIS_SENTINELS</c>), separated by commas or blanks: <c>host:port,host:port</c>. They name the
    /// master, so <see cref="Host"/> and <see cref="Port"/> are not used.
    /// </summary>
    public string Sentinels { get; set; } = "";

    /// <summary>What the sentinels call the master.</summary>
    [Required(ErrorMessage = "must be the name that the sentinels know")]
    public string ServiceName { get; set; } = "mymaster";

    /// <summary>
    /// Further options in the syntax of StackExchange.Redis, such as nodes of a cluster: <c>node2:6379,ssl=true</c>.
    /// </summary>
    public string Options { get; set; } = "";

    internal IEnumerable<string> AllSentinels
        => Sentinels.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!AllSentinels.All(IsAddress))
            yield return new ValidationResult("must be addresses such as host:26379,host:26379", [nameof(Sentinels)]);
        // Without the driver's message, which would repeat a part of the options, and they may have a password.
        else if (!RedisConnection.IsReadable(this))
            yield return new ValidationResult("is not readable as options of StackExchange.Redis", [nameof(Options)]);
    }

    private static bool IsAddress(string text)
        => EndPointCollection.TryParse(text) is { } address
           && (address is not DnsEndPoint named || Uri.CheckHostName(named.Host) != UriHostNameType.Unknown);
}
