using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Gateway.Host;

internal static partial class Greeting
{
    /// <summary>Validates everything, chooses the address, and in Development prints a signed webhook to paste.</summary>
    public static void ListenAndGreet(this WebApplication app)
    {
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        var port = app.Services.GetRequiredService<IOptions<AppOptions>>().Value.Port;
        var isDevelopment = app.Environment.IsDevelopment();
        // A developer's machine is asked from itself; a server from everywhere, as the original was.
        if (string.IsNullOrEmpty(app.Configuration[WebHostDefaults.ServerUrlsKey]))
            app.Urls.Add(isDevelopment && port > 0 ? $"http://localhost:{port}" : isDevelopment ? "http://127.0.0.1:0" : $"http://*:{port}");
        if (isDevelopment) app.Lifetime.ApplicationStarted.Register(() => PrintSample(app));
    }

    private static void PrintSample(WebApplication app)
    {
        var occurredAt = app.Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        var body = $$"""{"eventId":"sample-{{occurredAt:HHmmss}}","merchantId":"m1","shippingCompanyId":"dhl","shipmentId":"sh-1","type":"SHIPMENT_CREATED","occurredAt":"{{occurredAt:yyyy-MM-ddTHH:mm:ss.fffZ}}","payload":{"weight":1.5}}""";
        var secret = app.Configuration["Gateway:Webhook:Secret"]!;
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body)));
        LogSample(
            app.Logger,
            $"""

              curl -i {app.Urls.First()}/v1/events-gateway -H 'content-type: application/json' -H 'x-signature: {signature}' -d '{body}'

              curl -s {app.Urls.First()}/v1/events-gateway/events
            """);
    }

    [LoggerMessage(1, LogLevel.Information, "a signed webhook to paste, and where to see it a few seconds later:{Sample}")]
    private static partial void LogSample(ILogger log, string sample);
}
