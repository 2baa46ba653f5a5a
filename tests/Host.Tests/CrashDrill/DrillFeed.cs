using System.Globalization;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.CrashDrill;

/// <summary>What couriers have to tell, from a seed: many shipments that also end, out of order, one in ten twice.</summary>
internal sealed class DrillFeed(int seed)
{
    private const int EventsPerShipment = 6;

    private static readonly string[] Types =
        ["SHIPMENT_CREATED", "SHIPMENT_UPDATED", "SHIPMENT_UPDATED", "SHIPMENT_UPDATED", "SHIPMENT_DELIVERED", "SHIPMENT_CANCELLED"];

    private static readonly DateTime FirstMoment = new(2026, 2, 25, 14, 30, 0, DateTimeKind.Utc);

    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);
    private readonly Webhooks _webhooks = new(seed);
    private readonly List<Webhook> _told = [];

    public Webhook Next()
    {
        lock (_gate)
        {
            if (_told.Count > 0 && _random.Next(10) == 0) return _told[_random.Next(_told.Count)];
            var webhook = _webhooks.Next() with
            {
                ShipmentId = $"sh-{_told.Count / EventsPerShipment}",
                MerchantId = "m-1",
                Type = Types[_random.Next(Types.Length)],
                OccurredAt = FirstMoment.AddMinutes(_random.Next(1000)).ToString("O", CultureInfo.InvariantCulture),
            };
            _told.Add(webhook);
            return webhook;
        }
    }
}
