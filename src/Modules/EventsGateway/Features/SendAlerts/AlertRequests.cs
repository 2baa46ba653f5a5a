using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.EventsGateway.Features.SendAlerts;

/// <summary>The requests for a message.</summary>
internal static class AlertRequests
{
    /// <summary>Signed by Standard Webhooks: HMAC-SHA256 of id, timestamp and body.</summary>
    public static HttpRequestMessage ToWebhook(Uri url, string secret, AlertMessage message, DateTimeOffset now)
    {
        var body = message.ToWebhook();
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = Post(url, body);
        request.Headers.Add("webhook-id", message.Id);
        request.Headers.Add("webhook-timestamp", timestamp);
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{message.Id}.{timestamp}."), .. body];
        request.Headers.Add("webhook-signature", $"v1,{Convert.ToBase64String(HMACSHA256.HashData(KeyOf(secret), signed))}");
        return request;
    }

    public static HttpRequestMessage ToSlack(Uri url, AlertMessage message) => Post(url, message.ToSlack());

    private static byte[] KeyOf(string secret) => secret.StartsWith(AlertOptions.KeyPrefix, StringComparison.Ordinal)
        ? Convert.FromBase64String(secret[AlertOptions.KeyPrefix.Length..])
        : Encoding.UTF8.GetBytes(secret);

    private static HttpRequestMessage Post(Uri url, byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
    }
}
