using System.Net;
using System.Text;
using Gateway.EventsGateway.Tests.Sources.Verification;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent.FromSource.EndToEnd;

/// <summary>Five senders that no preset names, configured as docs/sources.md says, and signed by another tool.</summary>
public sealed class CustomSourceTests : IDisposable
{
    private const string Secret = "0123456789abcdef";

    private const string Settings = """
        {
          "forge": {
            "Merchant": "m-1", "Secrets": [{ "Id": "a", "Value": "forge-0123456789abcdef" }],
            "Verify": { "Signature": "{header.X-Hub-Signature-256}", "Prefix": "sha256=" },
            "Map": { "Id": "$.delivery.id", "Shipment": "$.parcel", "Type": "$.action",
                     "Types": { "SHIPMENT_DELIVERED": ["delivered"] }, "OccurredAt": { "Value": "$.at" } }
          },
          "pay": {
            "Merchant": "$.account", "Secrets": [{ "Id": "a", "Value": "pay-0123456789abcdef" }],
            "Verify": { "Signature": "{header.Pay-Signature}", "Parse": "pairs", "Content": "{pair.t}.{body}",
                        "Timestamp": { "From": "{pair.t}", "Stale": "reject" } },
            "Map": { "Id": "$.id", "Shipment": "$.data.object.tracking", "Type": "$.type",
                     "Types": { "SHIPMENT_CREATED": ["shipment.created"] }, "OccurredAt": { "Value": "$.created" } }
          },
          "fleet": {
            "Merchant": "m-1", "Secrets": [{ "Id": "a", "Value": "fleet-0123456789abcdef" }],
            "Verify": { "Scheme": "token", "Signature": "{header.Authorization}", "Prefix": "Bearer " },
            "Each": "$.batch[*]",
            "Map": { "Id": "{$.job}|{$.state}|{$.ms}", "Shipment": "$.job", "Type": "$.state",
                     "Types": { "SHIPMENT_DELIVERED": ["done"], "skip": ["heartbeat"] },
                     "OccurredAt": { "Value": "$.ms" } }
          },
          "depot": {
            "Merchant": "m-1", "Secrets": [{ "Id": "a", "Value": "depot:0123456789abcdef" }],
            "Verify": { "Scheme": "basic" },
            "Map": { "Id": "{$.no}|{$.code}|{$.date} {$.time}", "Shipment": "$.no", "Type": "$.code",
                     "Types": { "SHIPMENT_CANCELLED": ["9*"] },
                     "OccurredAt": { "Value": "{$.date} {$.time}", "Format": "dd.MM.yyyy HH:mm", "Zone": "Africa/Cairo" } }
          },
          "kiosk": {
            "Merchant": "m-1", "Secrets": [{ "Id": "a", "Value": "kiosk-0123456789abcdef" }],
            "Path": "/hooks/kiosk/{token}",
            "Verify": { "Scheme": "token", "Signature": "{route.token}" },
            "Map": { "Shipment": "$.box", "Type": "$.what", "Types": { "SHIPMENT_DELIVERED": ["taken"] },
                     "OccurredAt": { "Value": "$.when" } }
          }
        }
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Signature_with_a_prefix_proves_the_body()
    {
        const string body = """{"delivery":{"id":"d-1"},"parcel":"F-1","action":"delivered","at":"2026-02-25T14:30:00Z"}""";
        return ProcessedOnceAsync("forge", body, "F-1", "SHIPMENT_DELIVERED",
            secret => ("X-Hub-Signature-256", $"sha256={Hmac($"forge-{secret}", body)}"));
    }

    [Fact]
    public Task Signature_in_pairs_proves_time_and_body()
    {
        const string body = """
            {"id":"evt_1","type":"shipment.created","account":"m-7","created":1772029800,"data":{"object":{"tracking":"P-1"}}}
            """;
        var now = $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}";
        return ProcessedOnceAsync("pay", body, "P-1", "SHIPMENT_CREATED",
            secret => ("Pay-Signature", $"t={now},v1={Hmac($"pay-{secret}", $"{now}.{body}")},v0=other"));
    }

    [Fact]
    public Task Bearer_token_brings_a_batch() => ProcessedOnceAsync(
        "fleet", """
            {"batch":[{"job":"B-0","state":"heartbeat","ms":1772029800000},{"job":"B-1","state":"done","ms":1772029800000}]}
            """,
        "B-1", "SHIPMENT_DELIVERED", secret => ("Authorization", $"Bearer fleet-{secret}"));

    [Fact]
    public Task Basic_credentials_bring_local_times() => ProcessedOnceAsync(
        "depot", """{"no":"D-1","code":"91","date":"25.02.2026","time":"16:30"}""", "D-1", "SHIPMENT_CANCELLED",
        secret => ("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"depot:{secret}"))}"));

    [Fact]
    public Task Token_in_the_path_brings_events() => ProcessedOnceAsync(
        "kiosk", """{"box":"K-1","what":"taken","when":"2026-02-25T16:30:00+02:00"}""", "K-1", "SHIPMENT_DELIVERED",
        proofOf: null);

    private async Task ProcessedOnceAsync(
        string source, string body, string shipment, string type, Func<string, (string Name, string Value)>? proofOf)
    {
        await using var host = SourceSender.Start(_folder, Settings);
        (await PostAsync("another secret")).ShouldBe(HttpStatusCode.Unauthorized);
        (await PostAsync(Secret)).ShouldBe(HttpStatusCode.OK);
        (await PostAsync(Secret)).ShouldBe(HttpStatusCode.OK);

        var found = await Until.TrueAsync(
            () => host.Client.EventsAsync($"&source={source}"), events => events.Any(e => e.Text("status") == "processed"));
        var e = found.ShouldHaveSingleItem();
        (e.Text("shipmentId"), e.Text("type"), e.Text("occurredAt")).ShouldBe((shipment, type, "2026-02-25T14:30:00.000Z"));

        async Task<HttpStatusCode> PostAsync(string secret)
        {
            var path = proofOf is null ? $"/hooks/{source}/{source}-{secret}" : $"/v1/sources/{source}";
            using var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)),
            };
            if (proofOf?.Invoke(secret) is { } proof) request.Headers.TryAddWithoutValidation(proof.Name, proof.Value);
            using var answer = await host.Client.Http.SendAsync(request);
            return answer.StatusCode;
        }
    }

    private static string Hmac(string secret, string content)
        => Convert.ToHexStringLower(OpenSsl.Hmac256(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(content)));
}
