using Gateway.EventsGateway;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Gateway.Host.OpenApi;

/// <summary>
/// Two OpenAPI documents, of what senders call at /api-docs-json and of what operators call at /api-docs-json/operators, their
/// page at /api-docs, and a form there that signs a webhook.
/// </summary>
internal static class ApiDocs
{
    public const string Path = "/api-docs";

    public const string DocumentPath = "/api-docs-json";

    private const string Senders = "senders";
    private const string Operators = "operators";

    public static void AddApiDocs(this IServiceCollection services)
    {
        services.AddDocument(
            Senders, "Webhooks",
            $"Accepts signed webhooks and makes them durable. A repeat has no second effect. Guide: {SenderDocs.Path}.",
            "Webhooks", HealthEndpoints.Tag);
        services.AddDocument(
            Operators, "Operator API", "Events, shipments, sources and processes; replays, erasures and pauses.",
            "Operator", "Routing service stub", HealthEndpoints.Tag);
        services.Configure<OpenApiOptions>(Senders, openApi => openApi.AddOperationTransformer<WebhookOperation>());
        services.Configure<OpenApiOptions>(Operators, openApi =>
        {
            openApi.AddDocumentTransformer<OperatorSecurity>();
            openApi.AddOperationTransformer<OperatorSecurity>();
        });
    }

    public static void MapApiDocs(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<AppOptions>>().Value.ApiDocs) return;
        app.MapOpenApi($"{DocumentPath}/{{documentName={Senders}}}");
        var form = SampleForm(app.Environment.IsDevelopment() ? EventsGatewayModule.WebhookSecret(app.Services) : null);
        app.MapScalarApiReference(Path, page => page
            .WithTitle("Resilient Event Orchestration Gateway")
            .AddDocument(Senders, "Senders").AddDocument(Operators, "Operators")
            .WithOpenApiRoutePattern($"{DocumentPath}/{{documentName}}")
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideDeveloperTools()
            .AddHeaderContent(form));
    }

    private static void AddDocument(
        this IServiceCollection services, string name, string title, string description, params string[] tags)
        => services.AddOpenApi(name, openApi =>
        {
            openApi.ShouldInclude = api =>
                api.ActionDescriptor.EndpointMetadata.OfType<ITagsMetadata>().Any(of => of.Tags.Any(tags.Contains));
            openApi.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo
                {
                    Title = $"Resilient Event Orchestration Gateway: {title}", Version = "1.0", Description = description,
                };
                foreach (var path in document.Paths.Values) path.Operations?.Remove(HttpMethod.Head);
                return Task.CompletedTask;
            });
        });

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
