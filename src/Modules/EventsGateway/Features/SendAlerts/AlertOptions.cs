using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.Text;

namespace Gateway.EventsGateway.Features.SendAlerts;

/// <summary>Who gets a message when the status changes. Addresses may be secrets: those of Slack are.</summary>
public sealed class AlertOptions : IValidatableObject
{
    public const string Section = "Gateway:Alerts";

    internal const string KeyPrefix = "whsec_";

    private const int MinSecretBytes = 16;

    /// <summary>Gets each change as JSON, signed by Standard Webhooks; empty: nothing is sent.</summary>
    public Uri? Webhook { get; set; }

    public string WebhookFile { get; set; } = "";

    /// <summary>Signs the messages of <see cref="Webhook"/>: <c>whsec_</c> and base64, or a text.</summary>
    public string Secret { get; set; } = "";

    public string SecretFile { get; set; } = "";

    /// <summary>Gets each change as <c>{"text": …}</c>: an incoming webhook of Slack, Mattermost or the like.</summary>
    public Uri? Slack { get; set; }

    public string SlackFile { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsAddress(Webhook)) yield return NoAddress(nameof(Webhook));
        if (!IsAddress(Slack)) yield return NoAddress(nameof(Slack));
        if (Webhook is not null && Encoding.UTF8.GetByteCount(Secret) < MinSecretBytes)
            yield return new($"must have at least {MinSecretBytes} bytes: it signs the messages", [nameof(Secret)]);
        if (Secret.StartsWith(KeyPrefix, StringComparison.Ordinal) && !Base64.IsValid(Secret.AsSpan(KeyPrefix.Length)))
            yield return new($"has no base64 after {KeyPrefix}; copy it again", [nameof(Secret)]);
    }

    private static bool IsAddress(Uri? url) => url is null or { IsAbsoluteUri: true, Scheme: "http" or "https" };

    private static ValidationResult NoAddress(string name) => new("must be an address with http:// or https://", [name]);
}
