using System.Text;
using Gateway.Shared;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <summary>Fail closed: outside Development nobody starts with a secret that others know or can guess (R12, B12).</summary>
internal sealed class WebhookSecretValidator(IHostEnvironment environment, IOptions<GatewayOptions> gateway) : IValidateOptions<WebhookOptions>
{
    private const int MinBytes = 16;

    private static readonly string[] Published =
    [
        "my-secret-key-123", "change-me-in-production", DevelopmentSecret,
    ];

    /// <summary>Stands in appsettings.Development.json and in the README.</summary>
    internal const string DevelopmentSecret = "development-secret-not-for-production";

    public ValidateOptionsResult Validate(string? name, WebhookOptions options) => ErrorOf(options.Secret) is { } mistake
        ? ValidateOptionsResult.Fail($"{WebhookOptions.Section}:Secret: {mistake}")
        : ValidateOptionsResult.Success;

    private string? ErrorOf(string secret)
    {
        // A worker takes no webhooks.
        if (secret.Length == 0 && !gateway.Value.HasIngest) return null;
        if (secret.Length == 0) return "is not set; webhooks cannot be verified without it";
        if (environment.IsDevelopment()) return null;
        if (Published.Contains(secret)) return "is a published example; choose a secret of your own";
        return Encoding.UTF8.GetByteCount(secret) < MinBytes ? $"must have at least {MinBytes} bytes" : null;
    }
}
