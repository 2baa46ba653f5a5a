using Gateway.EventsGateway;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Gateway.Host.OpenApi;

/// <summary>The OpenAPI document at /api-docs-json, its page at /api-docs, and a form there that signs a webhook.</summary>
internal static class ApiDocs
{
    public const string Path = "/api-docs";

    public const string DocumentPath = "/api-docs-json";

    public static void AddApiDocs(this IServiceCollection services)
        => services.AddOpenApi(openApi =>
        {
            openApi.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo
                {
                    Title = "Resilient Event Orchestration Gateway",
                    Version = "1.0",
                    Description =
                        "Accepts signed webhooks, makes them durable and processes them. A repeat has no second effect.",
                };
                foreach (var path in document.Paths.Values) path.Operations?.Remove(HttpMethod.Head);
                return Task.CompletedTask;
            });
            openApi.AddOperationTransformer<WebhookOperation>();
        });

    public static void MapApiDocs(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<AppOptions>>().Value.ApiDocs) return;
        app.MapOpenApi(DocumentPath);
        var form = SampleForm(app.Environment.IsDevelopment() ? EventsGatewayModule.WebhookSecret(app.Services) : null);
        app.MapScalarApiReference(Path, page => page
            .WithTitle("Resilient Event Orchestration Gateway")
            .WithOpenApiRoutePattern(DocumentPath)
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideDeveloperTools()
            .AddHeaderContent(form));
    }

    /// <summary>Fills in the secret of Development only, which is published in the repository.</summary>
    private static string SampleForm(string? secret)
    {
        using var resource = typeof(ApiDocs).Assembly.GetManifestResourceStream("SampleForm.html")
            ?? throw new InvalidOperationException("SampleForm.html is not embedded.");
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd()
            .Replace("{{header}}", EventsGatewayModule.SignatureHeader, StringComparison.Ordinal)
            .Replace("{{secret}}", System.Net.WebUtility.HtmlEncode(secret), StringComparison.Ordinal);
    }
}
