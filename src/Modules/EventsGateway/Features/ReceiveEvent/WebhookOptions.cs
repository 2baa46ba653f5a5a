using System.ComponentModel.DataAnnotations;
using System.Text;
using Gateway.Shared;
using Gateway.Shared.Options;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

public sealed class WebhookOptions : IValidatableObject
{
    public const string Section = "Gateway:Webhook";

    private static readonly string[] NeverKept = ["x-signature", "authorization", "cookie", "x-api-key", "proxy-authorization"];

    /// <summary>The key of the HMAC, as UTF-8. There is no default: see <see cref="WebhookSecretValidator"/>.</summary>
    public string Secret { get; set; } = "";

    /// <summary>A file with the key, for instance of Docker or Kubernetes.</summary>
    public string SecretFile { get; set; } = "";

    /// <summary>Largest body in bytes; more is a 413.</summary>
    [Range(1, 16 * 1024 * 1024, ErrorMessage = "must be between 1 and 16777216 bytes")]
    public int MaxBodyBytes { get; set; } = 100 * 1024;

    /// <summary>Request headers that are stored with an event.</summary>
    public IList<string> KeptHeaders { get; set; } = [];

    /// <summary>The longest time for an event to become durable; after it the response is 503.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00", ErrorMessage = "must be between 00:00:00.100 and 00:01:00")]
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Groups that are published at the same time; Embedded commits one at a time.</summary>
    [Range(1, 64, ErrorMessage = "must be between 1 and 64")]
    public int Committers { get; set; } = 4;

    [Range(1, 100_000, ErrorMessage = "must be between 1 and 100000 events")]
    public int MaxGroup { get; set; } = 512;

    /// <summary>Events that may wait for their commit; further requests get a 503 at once.</summary>
    [Range(1, 1_000_000, ErrorMessage = "must be between 1 and 1000000 events")]
    public int MaxWaiting { get; set; } = 20_000;

    [Range(1024, 1024 * 1024 * 1024, ErrorMessage = "must be between 1024 and 1073741824 bytes")]
    public long MaxWaitingBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>Bytes that unverified bodies may hold beyond their first 4 KiB; further ones get a 503 at once.</summary>
    [Range(16 * 1024 * 1024, 1024 * 1024 * 1024, ErrorMessage = "must be between 16777216 and 1073741824 bytes")]
    public long MaxUnverifiedBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Unverified requests of an address per minute and process; further ones get a 429.</summary>
    [Range(1, 10_000_000, ErrorMessage = "must be between 1 and 10000000 requests")]
    public int MaxUnverifiedPerMinute { get; set; } = 30_000;

    /// <summary>Verified requests of a source per second and process; further ones get a 429.</summary>
    [Range(1, 10_000_000, ErrorMessage = "must be between 1 and 10000000 requests")]
    public int MaxPerSecond { get; set; } = 50_000;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxBodyBytes > MaxWaitingBytes)
            yield return new ValidationResult($"must not be less than MaxBodyBytes ({MaxBodyBytes})", [nameof(MaxWaitingBytes)]);
        foreach (var error in SecretsAmongKeptHeaders()) yield return error;
    }

    private IEnumerable<ValidationResult> SecretsAmongKeptHeaders()
        => KeptHeaders.Intersect(NeverKept, StringComparer.OrdinalIgnoreCase)
            .Select(header => new ValidationResult(
                $"must not contain {header}: secrets are never stored", [nameof(KeptHeaders)]));
}

/// <summary>Outside Development the process does not start with a secret that is published or easy to guess (R12, B12).</summary>
internal sealed class WebhookSecretValidator(IHostEnvironment environment, IOptions<GatewayOptions> gateway)
    : IValidateOptions<WebhookOptions>
{
    private const int MinBytes = 16;

    public ValidateOptionsResult Validate(string? name, WebhookOptions options) => ErrorOf(options) is { } error
        ? ValidateOptionsResult.Fail($"{WebhookOptions.Section}:Secret: {error}")
        : ValidateOptionsResult.Success;

    private string? ErrorOf(WebhookOptions options)
    {
        var secret = options.Secret;
        // A file that could not be read has a line of its own.
        if (secret.Length == 0 && options.SecretFile.Length > 0) return null;
        // A process without ingest receives no webhooks.
        if (secret.Length == 0 && !gateway.Value.HasIngest) return null;
        if (secret.Length == 0) return "is not set; webhooks cannot be verified without it";
        if (environment.IsDevelopment()) return null;
        if (PublishedSecrets.Contains(secret)) return "is a published example; choose a secret of your own";
        return Encoding.UTF8.GetByteCount(secret) < MinBytes ? $"must have at least {MinBytes} bytes" : null;
    }
}
