using System.Globalization;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.CrashDrill;

/// <summary>The webhooks of a drill, from a seed: shipments that also end, events out of order, one in ten twice.</summary>
internal sealed class DrillFeed(int seed) : IDrillFeed
{
    private const int EventsPerShipment = 6;

    private static readonly string[] Types =
        ["SHIPMENT_CREATED", "SHIPMENT_UPDATED", "SHIPMENT_UPDATED", "SHIPMENT_UPDATED", "SHIPMENT_DELIVERED",
            "SHIPMENT_CANCELLED"];

    private static readonly DateTime FirstMoment = new(2026, 2, 25, 14, 30, 0, DateTimeKind.Utc);

    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);
    private readonly Webhooks _webhooks = new(seed);
    private readonly List<SignedWebhook> _sent = [];

    public IDrillRequest Next()
    {
        lock (_gate)
        {
            if (_sent.Count > 0 && _random.Next(10) == 0) return _sent[_random.Next(_sent.Count)];
            var webhook = _webhooks.Next() with
            {
                ShipmentId = $"sh-{_sent.Count / EventsPerShipment}",
                MerchantId = "m-1",
                Type = Types[_random.Next(Types.Length)],
                OccurredAt = FirstMoment.AddMinutes(_random.Next(1000)).ToString("O", CultureInfo.InvariantCulture),
            };
            _sent.Add(new SignedWebhook(webhook));
            return _sent[^1];
        }
    }
}

/// <summary>A webhook of the built-in source.</summary>
internal sealed record SignedWebhook(Webhook Webhook) : IDrillRequest
{
    public Task<HttpResponseMessage> PostAsync(GatewayClient gateway) => gateway.PostSignedAsync(Webhook);

    public Task<string> KeyOfAsync(HttpResponseMessage answer) => answer.AcceptedKeyAsync();

    public IEnumerable<string> LostFrom(IReadOnlySet<string> stored, string key) => stored.Contains(key) ? [] : [key];
}
