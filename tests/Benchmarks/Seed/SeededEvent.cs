using System.Text;
using Gateway.EventsGateway.Entities;

namespace Gateway.Benchmarks.Seed;

/// <summary>
/// Generates event i, reproducibly: spread over the last 30 days, 50 events per shipment, one merchant with a fifth of all
/// events. 95 % are processed, 4 % failed for several reasons, 1 % wait for their next attempt.
/// </summary>
internal static class SeededEvent
{
    private const int Block = 50_000;
    private const int ShipmentsOfBlock = 1000;
    private const int Companies = 20;
    private const int Merchants = 200;

    private static readonly TimeSpan Span = TimeSpan.FromDays(30);

    private static readonly (string Outcome, string Error)[] Failures =
    [
        (FailureReasonText.RetriesExhausted, "routing service answered 503"),
        (FailureReasonText.RetriesExhausted, "no answer within 10 s"),
        (FailureReasonText.RetriesExhausted, "routing service answered 500"),
        (FailureReasonText.RejectedByRouter, "routing service answered 404"),
        (FailureReasonText.RejectedByRouter, "routing service answered 422"),
        (FailureReasonText.DeadlineExceeded, "given up after 1.00:00:00"),
        (FailureReasonText.ShipmentEnded, "shipment {0} is COMPLETED"), (FailureReasonText.Poison, CrashLoopPolicy.PoisonError),
    ];

    public static EventEntity Of(int i, int all, DateTimeOffset now)
    {
        var (random, shipment) = (new Random(i), ShipmentOf(i));
        var at = DateTimeOffset.FromUnixTimeMilliseconds(
            (now - Span).ToUnixTimeMilliseconds() + (long)(Span.TotalMilliseconds * i / all));
        var type = TypeOf(i);
        var received = new EventEntity
        {
            Key = new EventKey($"courier-{shipment / 7 % Companies}", $"evt-{i:D8}"),
            MerchantId = MerchantOf(shipment), ShipmentId = IdOf(shipment), Type = type,
            OccurredAt = at.AddSeconds(-random.Next(1, 600)), ReceivedAt = at, RequeuedAt = at,
            FirstAttemptAt = at.AddMilliseconds(20),
            Headers = """{"user-agent":"courier/2.1"}""", Body = BodyOf(i, shipment, type, at, random),
        };
        return random.Next(100) switch
        {
            < 95 => Settled(received, EventStatus.Processed, EventOutcome.Routed, null, AttemptResult.Routed, random),
            < 99 => Failed(received, random),
            _ => received with
            {
                AttemptsSpent = 1, DueAt = now.AddSeconds(random.Next(3600, 86_400)), LastError = Failures[0].Error,
            },
        };
    }

    public static int Shipments(int events) => ShipmentOf(Math.Max(0, events - 1)) + 1;

    /// <summary>The state after all events of the shipment were applied.</summary>
    public static ShipmentEntity Shipment(int shipment, int all, DateTimeOffset now)
    {
        var block = shipment / ShipmentsOfBlock * Block;
        var number = Enumerable.Range(0, Block / ShipmentsOfBlock)
            .Select(k => block + (k * ShipmentsOfBlock) + (shipment % ShipmentsOfBlock))
            .Last(i => i < all);
        return ShipmentEntity.Of(Of(number, all, now));
    }

    private static EventEntity Failed(EventEntity received, Random random)
    {
        var (outcome, error) = Failures[random.Next(Failures.Length)];
        return Settled(
            received, EventStatus.Failed, outcome, error.Replace("{0}", received.ShipmentId, StringComparison.Ordinal),
            AttemptResult.TransientStatus, random);
    }

    private static EventEntity Settled(
        EventEntity received, EventStatus status, string outcome, string? error, string result, Random random) => received with
    {
        Status = status, Outcome = outcome, LastError = error, AttemptsSpent = 1,
        RouteId = status == EventStatus.Processed ? $"RoID-{random.Next()}" : null,
        ProcessedAt = status == EventStatus.Processed ? received.ReceivedAt.AddMilliseconds(random.Next(50, 3000)) : null,
        Attempts = [new AttemptRecord(1, 1, received.FirstAttemptAt!.Value, random.Next(20, 2500), result, error)],
    };

    private static int ShipmentOf(int i) => (i / Block * ShipmentsOfBlock) + (i % ShipmentsOfBlock);

    private static string IdOf(int shipment) => $"sh-{shipment:D6}";

    private static string MerchantOf(int shipment) => $"m-{(shipment % 5 == 0 ? 0 : 1 + (shipment % (Merchants - 1)))}";

    private static EventType TypeOf(int i) => (i % Block / ShipmentsOfBlock) switch
    {
        0 => EventType.Created,
        (Block / ShipmentsOfBlock) - 1 => EventType.Delivered,
        _ => EventType.Updated,
    };

    private static byte[] BodyOf(int i, int shipment, EventType type, DateTimeOffset at, Random random)
    {
        var company = $"courier-{shipment / 7 % Companies}";
        var (weight, note) = (random.Next(1, 500) / 10.0, random.NextInt64());
        return Encoding.UTF8.GetBytes(
            $$$"""{"eventId":"evt-{{{i:D8}}}","merchantId":"{{{MerchantOf(shipment)}}}","shippingCompanyId":"{{{company}}}","""
            + $$$""" "shipmentId":"{{{IdOf(shipment)}}}","type":"{{{type.Text()}}}","""
            + $$$""" "occurredAt":"{{{at:yyyy-MM-ddTHH:mm:ss.fffZ}}}","payload":{"origin":"Cairo","destination":"Alexandria","""
            + $$$""" "weight":{{{weight:0.0}}},"note":"{{{note:x16}}}"}}""");
    }
}
