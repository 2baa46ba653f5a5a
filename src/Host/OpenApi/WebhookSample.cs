using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.EventsGateway;
using Microsoft.OpenApi;

namespace Gateway.Host.OpenApi;

/// <summary>
/// A signed webhook: in Development for this gateway, elsewhere with the secret of the sender guide's test vector.
/// </summary>
/// <param name="Secret">Published: in the repository, or in the guide.</param>
internal sealed record WebhookSample(string Secret)
{
    private const string VectorSecret = "test-secret-0123";

    private static readonly string Text = Body().ToJsonString();

    public string Signature { get; } = Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(Text)));

    public static WebhookSample Of(IServiceProvider services, IHostEnvironment environment)
        => new(environment.IsDevelopment() ? EventsGatewayModule.WebhookSecret(services) : VectorSecret);

    public static JsonObject Body() => new()
    {
        ["eventId"] = "evt-1",
        ["merchantId"] = "m1",
        ["shippingCompanyId"] = "dhl",
        ["shipmentId"] = "sh-1",
        ["type"] = "SHIPMENT_CREATED",
        ["occurredAt"] = "2026-02-25T14:30:00Z",
        ["payload"] = new JsonObject { ["origin"] = "Cairo", ["destination"] = "Berlin", ["weight"] = 1.5 },
    };

    /// <summary>The page shows it beside the operation.</summary>
    public JsonNodeExtension Curl(string? server) => new(new JsonArray(new JsonObject
    {
        ["lang"] = "shell",
        ["label"] = "curl",
        ["source"] =
            $"curl -i {server?.TrimEnd('/')}{EventsGatewayModule.IngestPath} -H 'content-type: application/json' "
            + $"-H '{EventsGatewayModule.SignatureHeader}: {Signature}' --data-raw '{Text}'",
    }));
}
