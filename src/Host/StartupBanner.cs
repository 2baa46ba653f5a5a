using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.EventsGateway;
using Gateway.Shared.Hosting;
using Microsoft.Extensions.Options;

namespace Gateway.Host;

/// <summary>Prints the addresses of the console and the API docs, and a command that sends a signed webhook.</summary>
internal static class StartupBanner
{
    public static void PrintBanner(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment() || !app.Logger.IsEnabled(LogLevel.Information)) return;
        // Written to the console without the logger, so that the command can be copied without timestamps and line breaks.
        app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine(TextOf(app)));
    }

    private static string TextOf(WebApplication app)
    {
        var address = app.Urls.First().TrimEnd('/');
        var operators = ManagementPort.Of(app.Services) > 0 ? app.Urls.Last().TrimEnd('/') : address;
        var text = new StringBuilder($"\nGateway {ProductVersion.Text}\n\n");
        if (EventsGatewayModule.ServesConsole(app.Services)) AppendPage("Console", EventsGatewayModule.ConsolePath);
        if (app.Services.GetRequiredService<IOptions<AppOptions>>().Value.ApiDocs) AppendPage("API docs", OpenApi.ApiDocs.Path);
        AppendPage("Health", "/health/ready");
        if (EventsGatewayModule.ServesIngest(app.Services)) AppendSample();
        return text.ToString();

        void AppendPage(string name, string path)
            => text.AppendLine(CultureInfo.InvariantCulture, $"  {name,-9} {operators}{path}");

        void AppendSample()
        {
            var (body, signature) = SampleOf(app);
            var header = $"{EventsGatewayModule.SignatureHeader}: {signature}";
            text.AppendLine(CultureInfo.InvariantCulture, $"""

                Send a signed webhook:

                  curl -i {address}{EventsGatewayModule.IngestPath} -H 'content-type: application/json' -H '{header}' -d '{body}'

                See its outcome a few seconds later:

                  curl -s {operators}{EventsGatewayModule.EventsPath}
                """);
        }
    }

    private static (string Body, string Signature) SampleOf(WebApplication app)
    {
        var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        var body = JsonSerializer.Serialize(new
        {
            eventId = $"sample-{now:HHmmss}",
            merchantId = "m1",
            shippingCompanyId = "dhl",
            shipmentId = "sh-1",
            type = "SHIPMENT_CREATED",
            occurredAt = now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            payload = new { weight = 1.5 },
        });
        var secret = Encoding.UTF8.GetBytes(EventsGatewayModule.WebhookSecret(app.Services));
        return (body, Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(body))));
    }
}
