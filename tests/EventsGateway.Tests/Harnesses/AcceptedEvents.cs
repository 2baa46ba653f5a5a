using System.Text;
using System.Text.Json;
using Bogus;
using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Tests.Harnesses;

/// <summary>Plausible accepted events from a seed; a test changes what it is about by `with`.</summary>
internal sealed class AcceptedEvents(TimeProvider time, int seed = 20260225)
{
    private readonly Faker _faker = new() { Random = new Randomizer(seed) };
    private int _count;

    /// <summary>Ids that break stores that build statements from text.</summary>
    public static TheoryData<string> HostileIds { get; } = new(
        "12345", "-5", "dhl:1", "a:b:c", "'; DROP TABLE events; --", "\"$ne\"", "$where", "a.b", "%_", "../../etc/passwd",
            "événement-☃",
        "🚚", " leading and trailing ", "null", new string('ü', 256), "\\", "{}", "*", "constructor", "__proto__");

    public AcceptedEvent Next()
    {
        var number = ++_count;
        var e = new AcceptedEvent
        {
            AcceptId = Guid.CreateVersion7(),
            Key = new EventKey(_faker.PickRandom("dhl", "aramex", "bosta"), $"evt-{number:D5}"),
            MerchantId = $"m-{_faker.Random.Number(1, 5)}",
            ShipmentId = $"sh-{number}",
            Type = _faker.PickRandomWithout(EventType.Unknown),
            OccurredAt = DateTimeOffset.FromUnixTimeMilliseconds(
                time.GetUtcNow().ToUnixTimeMilliseconds() - _faker.Random.Number(1, 60_000)),
            ReceivedAt = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()),
            Body = [],
        };
        var origin = JsonSerializer.SerializeToUtf8Bytes(_faker.Address.City());
        return e with
        {
            SecretId = AcceptedEvent.BuiltInSecretId,
            Details = EventDetails.Of(origin, default, default),
            Body = [.. Encoding.UTF8.GetBytes($$"""{"number":{{number}},"payload":{"origin":"""), .. origin, .. "}}"u8],
        };
    }

    /// <summary>An item of a batch of a configured source, with every field that the built-in source leaves empty.</summary>
    public AcceptedEvent OfSource(string source = "dhl") => Next() with
    {
        Source = source, SecretId = "2026", AfterEnd = AfterEnd.Settle, ItemIndex = 7, RequestDigest = new string('a', 64),
        Details = """{"origin":"Zürich 🚚 \ud800","weight":12345678901234567890.10}""",
    };

    public AcceptedEvent[] Take(int count) => [.. Enumerable.Range(0, count).Select(_ => Next())];

    /// <summary>The sender repeats the request: same event, another accept id.</summary>
    public static AcceptedEvent Resent(AcceptedEvent e) => e with { AcceptId = Guid.CreateVersion7() };
}
