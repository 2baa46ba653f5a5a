using System.ComponentModel.DataAnnotations;

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

    /// <summary>A file with the password.</summary>
    public string PasswordFile { get; set; } = "";

    /// <summary>
    /// Further options in the syntax of StackExchange.Redis, such as nodes of a cluster: <c>node2:6379,ssl=true</c>.
    /// </summary>
    public string Options { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // Without the driver's message, which would repeat a part of the options, and they may have a password.
        if (!RedisConnection.IsReadable(this))
            yield return new ValidationResult("is not readable as options of StackExchange.Redis", [nameof(Options)]);
    }
}
