using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bogus;

namespace Gateway.TestSupport;

/// <summary>A valid webhook as a sender posts it; a test changes it by <c>with</c>.</summary>
public sealed record Webhook
{
    public required string EventId { get; init; }

    public required string MerchantId { get; init; }

    public required string ShippingCompanyId { get; init; }

    public required string ShipmentId { get; init; }

    public string Type { get; init; } = "SHIPMENT_UPDATED";

    public string OccurredAt { get; init; } = "2026-02-25T14:30:00.000Z";

    public object Payload { get; init; } = new { origin = "Cairo", destination = "Berlin", weight = 1.5 };

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web);
}

/// <summary>Plausible webhooks from a seed, so that a failure can be repeated.</summary>
public sealed class Webhooks(int seed = 20260225)
{
    private readonly Faker _faker = new() { Random = new Randomizer(seed) };
    private int _count;

    public Webhook Next() => new()
    {
        EventId = $"evt-{Interlocked.Increment(ref _count)}-{_faker.Random.AlphaNumeric(8)}",
        MerchantId = $"m-{_faker.Random.Number(1, 20)}",
        ShippingCompanyId = _faker.PickRandom("dhl", "aramex", "bosta", "fedex"),
        ShipmentId = $"sh-{_count}-{_faker.Random.AlphaNumeric(6)}",
        Payload = new
        {
            origin = _faker.Address.City(),
            destination = _faker.Address.City(),
            weight = _faker.Random.Number(1, 5000) / 100.0,
        },
    };

    public IReadOnlyList<Webhook> Take(int count) => [.. Enumerable.Range(0, count).Select(_ => Next())];
}

public static class Signature
{
    public const string Header = "x-signature";

    public static string Of(ReadOnlySpan<byte> body, string secret)
        => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
}
