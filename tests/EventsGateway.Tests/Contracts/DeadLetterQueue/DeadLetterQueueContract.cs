using System.Text;
using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Errors;

namespace Gateway.EventsGateway.Tests.Contracts.DeadLetterQueue;

/// <summary>The guarantees of every dead-letter queue.</summary>
public abstract class DeadLetterQueueContract : IAsyncLifetime
{
    private readonly BrokerHarness _broker;
    private readonly AcceptedEvents _newEvents = new(TimeProvider.System, seed: 5);

    private protected DeadLetterQueueContract(BrokerHarness broker) => _broker = broker;

    public static TheoryData<string> HostileIds => AcceptedEvents.HostileIds;

    public ValueTask InitializeAsync() => _broker.OpenAsync();

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task Copy_contains_the_event_its_reason_and_its_attempts()
    {
        var at = new DateTimeOffset(2026, 2, 25, 14, 30, 0, 125, TimeSpan.Zero);
        var e = Failed() with
        {
            Key = new EventKey("dhl", "evt:1"), Type = EventType.Delivered, OccurredAt = at, ReceivedAt = at, Generation = 2,
            Outcome = FailureReasonText.RetriesExhausted, LastError = "HTTP 503",
            Source = "ups", Details = """{"weight":1.50}""", ItemIndex = 3, RequestDigest = "ab",
            Attempts =
            [
                new AttemptRecord(1, 1, at, 7, AttemptResult.TransientStatus, "HTTP 503"),
                new AttemptRecord(2, 1, at, null, AttemptResult.TimedOut, null),
            ],
        };

        await _broker.DeadLetters.PublishAsync([e]);

        var copy = await CopyAsync();
        copy.GetProperty("key").GetString().ShouldBe("dhl.evt_3a1");
        copy.GetProperty("eventId").GetString().ShouldBe("evt:1");
        copy.GetProperty("shippingCompanyId").GetString().ShouldBe("dhl");
        copy.GetProperty("source").GetString().ShouldBe("ups");
        copy.GetProperty("details").GetRawText().ShouldBe("""{"weight":1.50}""");
        (copy.GetProperty("itemIndex").GetInt32(), copy.GetProperty("requestDigest").GetString()).ShouldBe((3, "ab"));
        copy.GetProperty("merchantId").GetString().ShouldBe(e.MerchantId);
        copy.GetProperty("shipmentId").GetString().ShouldBe(e.ShipmentId);
        copy.GetProperty("type").GetString().ShouldBe("SHIPMENT_DELIVERED");
        copy.GetProperty("occurredAt").GetString().ShouldBe("2026-02-25T14:30:00.125Z");
        copy.GetProperty("receivedAt").GetString().ShouldBe("2026-02-25T14:30:00.125Z");
        copy.GetProperty("outcome").GetString().ShouldBe("retries-exhausted");
        copy.GetProperty("lastError").GetString().ShouldBe("HTTP 503");
        copy.GetProperty("generation").GetInt32().ShouldBe(2);
        copy.GetProperty("attempts").EnumerateArray().Select(one => one.GetProperty("result").GetString())
            .ShouldBe([AttemptResult.TransientStatus, AttemptResult.TimedOut]);
    }

    [Fact]
    [Trait("Defect", "S6")]
    public async Task Text_body_is_copied_as_text_with_every_digit()
    {
        const string body = """{"weight" : 12345678901234567890, "to":"Zürich 🚚"}""";

        await _broker.DeadLetters.PublishAsync([Failed() with { Body = Encoding.UTF8.GetBytes(body) }]);

        (await CopyAsync()).GetProperty("body").GetString().ShouldBe(body);
    }

    [Fact]
    public async Task Binary_body_is_copied_byte_for_byte()
    {
        byte[] body = [1, 0, 255, 13, 10];

        await _broker.DeadLetters.PublishAsync([Failed() with { Body = body }]);

        (await CopyAsync()).GetProperty("bodyBase64").GetBytesFromBase64().ShouldBe(body);
    }

    [Theory]
    [MemberData(nameof(HostileIds))]
    public async Task Event_with_any_id_is_copied(string id)
    {
        var failed = Failed() with { Key = new EventKey(id, id), ShipmentId = id, MerchantId = id, LastError = id };
        await _broker.DeadLetters.PublishAsync([failed]);

        (await CopyAsync()).GetProperty("eventId").GetString().ShouldBe(id);
    }

    [Fact]
    public async Task Reason_of_any_length_is_copied()
    {
        var reason = new string('é', 200_000);

        await _broker.DeadLetters.PublishAsync([Failed() with { LastError = reason }]);

        (await CopyAsync()).GetProperty("lastError").GetString().ShouldBe(reason);
    }

    [Fact]
    public async Task Each_of_many_events_is_copied()
    {
        var failed = Enumerable.Range(0, 100).Select(_ => Failed()).ToArray();

        await _broker.DeadLetters.PublishAsync(failed);

        (await _broker.DeadLettersAsync(100))
            .Select(copy => JsonDocument.Parse(copy).RootElement.GetProperty("eventId").GetString())
            .ShouldBe(failed.Select(e => e.Key.EventId), ignoreOrder: true);
    }

    [Fact]
    public async Task Unavailable_queue_throws()
    {
        await _broker.BreakAsync();

        await Should.ThrowAsync<BackendUnavailableException>(() => _broker.DeadLetters.PublishAsync([Failed()]));
    }

    private async Task<JsonElement> CopyAsync()
        => JsonDocument.Parse((await _broker.DeadLettersAsync(1)).ShouldHaveSingleItem()).RootElement;

    private EventEntity Failed()
    {
        var e = _newEvents.Next();
        return new EventEntity
        {
            Key = e.Key, MerchantId = e.MerchantId, ShipmentId = e.ShipmentId, Type = e.Type, OccurredAt = e.OccurredAt,
            ReceivedAt = e.ReceivedAt, Body = e.Body, Status = EventStatus.Failed,
            Outcome = FailureReasonText.RejectedByRouter, LastError = "HTTP 422",
        };
    }
}
