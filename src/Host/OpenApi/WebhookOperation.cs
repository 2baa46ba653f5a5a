using System.Text.Json.Nodes;
using Gateway.EventsGateway;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.Host.OpenApi;

/// <summary>
/// The ingestion endpoint reads its body itself, because the signature covers the bytes, so its description is written here.
/// </summary>
internal sealed class WebhookOperation(IServiceProvider services, IHostEnvironment environment) : IOpenApiOperationTransformer
{
    public Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if ($"/{context.Description.RelativePath}" != EventsGatewayModule.IngestPath) return Task.CompletedTask;
        var sample = WebhookSample.Of(services, environment);
        operation.Parameters =
        [
            new OpenApiParameter
            {
                Name = EventsGatewayModule.SignatureHeader,
                In = ParameterLocation.Header,
                Required = true,
                Description =
                    "Hex HMAC-SHA256 (RFC 2104) of the exact request bytes, keyed with the webhook secret. "
                    + $"The example is of the example body without spaces, keyed with `{sample.Secret}`.",
                Example = sample.Signature,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[0-9a-fA-F]{64}$" },
            },
        ];
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Description = "At most 100 KiB of UTF-8. Other members stay in the stored body and are ignored.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new() { Schema = Body(), Example = WebhookSample.Body() },
            },
        };
        if (operation.Responses?["202"] is OpenApiResponse accepted) Describe(accepted);
        if (operation.Responses?["503"] is OpenApiResponse unavailable)
            unavailable.Headers = Headers(("Retry-After", "Seconds to wait, 1 to 3."));
        operation.AddExtension("x-codeSamples", sample.Curl(context.Document?.Servers?.FirstOrDefault()?.Url));
        return Task.CompletedTask;
    }

    private static void Describe(OpenApiResponse accepted)
    {
        accepted.Description = "The event is durable: new, or a duplicate.";
        accepted.Headers = Headers(
            ("Location", "The event in the operator API."),
            ("Idempotent-Replayed", "true when the event is a duplicate."),
            ("Idempotency-Conflict", "true when another body was accepted under the same id before; that one stays."));
        accepted.Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/json"] = new() { Example = new JsonObject { ["status"] = "accepted" } },
        };
    }

    private static Dictionary<string, IOpenApiHeader> Headers(params ReadOnlySpan<(string Name, string Description)> headers)
    {
        var described = new Dictionary<string, IOpenApiHeader>();
        foreach (var (name, description) in headers)
        {
            var schema = new OpenApiSchema { Type = JsonSchemaType.String };
            described.Add(name, new OpenApiHeader { Description = description, Schema = schema });
        }

        return described;
    }

    private static OpenApiSchema Body()
    {
        string[] ids = ["eventId", "merchantId", "shippingCompanyId", "shipmentId"];
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string>([.. ids, "type", "occurredAt", "payload"]),
            Properties = ids.ToDictionary(id => id, _ => (IOpenApiSchema)new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                MinLength = 1,
                MaxLength = 256,
                Description = "At most 512 UTF-8 bytes, not blank, no control characters.",
            }),
        };
        schema.Properties["type"] = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Enum = ["SHIPMENT_CREATED", "SHIPMENT_UPDATED", "SHIPMENT_DELIVERED", "SHIPMENT_CANCELLED"],
        };
        schema.Properties["occurredAt"] = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Format = "date-time",
            Description = "ISO 8601; without a zone it is UTC.",
        };
        schema.Properties["payload"] = new OpenApiSchema { Type = JsonSchemaType.Object };
        return schema;
    }
}
