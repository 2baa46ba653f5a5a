using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Gateway.Host;

internal static class StartupBanner
{
    /// <summary>Chooses the address, and in Development prints a signed webhook to paste.</summary>
    public static void ListenAndGreet(this WebApplication app)
    {
        var port = app.Services.GetRequiredService<IOptions<AppOptions>>().Value.Port;
        var isDevelopment = app.Environment.IsDevelopment();
        // A developer's machine is asked from itself; a server from everywhere, as the original was.
        if (string.IsNullOrEmpty(app.Configuration[WebHostDefaults.ServerUrlsKey]))
            app.Urls.Add(isDevelopment && port > 0 ? $"http://localhost:{port}" : isDevelopment ? "http://127.0.0.1:0" : $"http://*:{port}");
        if (isDevelopment && app.Logger.IsEnabled(LogLevel.Information)) app.Lifetime.ApplicationStarted.Register(() => PrintSample(app));
    }

    private static void PrintSample(WebApplication app)
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
        var secret = app.Configuration["Gateway:Webhook:Secret"]!;
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body)));
        // Not through the logger: its timestamps and line breaks would be pasted along.
        Console.WriteLine($"""

            A signed webhook to paste:

              curl -i {app.Urls.First()}/v1/events-gateway -H 'content-type: application/json' -H 'x-signature: {signature}' -d '{body}'

            and, a few seconds later, what became of it:

              curl -s {app.Urls.First()}/v1/events-gateway/events

            """);
    }
}
