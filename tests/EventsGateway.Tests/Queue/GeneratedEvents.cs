using System.Text;
using System.Text.Json;
using CsCheck;
using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Tests.Queue;

/// <summary>Any event that ingest can have accepted.</summary>
internal static class GeneratedEvents
{
    private static readonly Gen<string> Letter = Gen.OneOf(
        OneOf("\"", "\\", "/", "'", "<", ":", ".", "é", "\u2028", "☃", "🚚", " "),
        Gen.Char['!', '~'].Select(letter => letter.ToString()));

    public static readonly Gen<string> Id =
        Letter.Array[1, 60].Select(string.Concat).Where(id => FieldRules.ValidateId(id) is null);

    private static readonly Gen<EventType> Type =
        OneOf(EventType.Created, EventType.Updated, EventType.Delivered, EventType.Cancelled);

    private static readonly Gen<AfterEnd> AfterEnds = OneOf(Enum.GetValues<AfterEnd>());

    private static readonly Gen<DateTimeOffset> Moment =
        Gen.Long[-62_135_596_800_000, 253_402_300_799_999].Select(DateTimeOffset.FromUnixTimeMilliseconds);

    private static readonly Gen<string?> Text = Gen.OneOf(Gen.Const((string?)null), Id.Select(id => (string?)id));

    public static readonly Gen<AcceptedEvent> Event =
        from acceptId in Gen.Guid
        from ids in Id.Array[4]
        from type in Type
        from moments in Moment.Array[2]
        from texts in Text.Array[4]
        from rest in Gen.Select(Moment.Nullable(), AfterEnds.Nullable(), Gen.Int[0, 500].Nullable(), Id)
        from body in Gen.Byte.Array[0, 300]
        select new AcceptedEvent
        {
            AcceptId = acceptId, Key = new EventKey(ids[0], ids[1]), MerchantId = ids[2], ShipmentId = ids[3], Type = type,
            OccurredAt = moments[0], ReceivedAt = moments[1], Body = body, Headers = texts[0], Traceparent = texts[1],
            RequestId = texts[1], EffectiveAt = rest.Item1, AfterEnd = rest.Item2, ItemIndex = rest.Item3,
            Details = $$"""{"origin": {{JsonSerializer.Serialize(rest.Item4)}}, "weight":1.50}""",
            Source = texts[2] ?? CanonicalEvent.BuiltInSource,
            SecretId = texts[3] ?? (texts[2] is null ? AcceptedEvent.BuiltInSecretId : null),
            RequestDigest = texts[2],
        };

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    /// <summary>The body has the values of the fields, as a sender might have written it.</summary>
    public static AcceptedEvent WithBody(AcceptedEvent e, string occurredAt, string payload) => e with
    {
        Body = Encoding.UTF8.GetBytes(
            """{"note":[{"payload":1}],"payload":{},"payload" : """
            + $$$"""{{{payload}}}, "occurredAt": "{{{occurredAt}}}" ,"eventId":"other"}"""),
    };
}
