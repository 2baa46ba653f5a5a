using System.Text;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Tests.Entities;

/// <summary>Rows and messages without the carried fields; EventMapperTests compare the details with those of ingest.</summary>
public sealed class BuiltInBodyTests
{
    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("[]")]
    [InlineData("{\"payload\":[1]}")]
    [InlineData("{\"payload\":{\"origin\":1}")]
    public void Bytes_that_are_not_a_body_have_no_details(string body)
        => BuiltInBody.DetailsOf(Encoding.UTF8.GetBytes(body)).ShouldBe(EventDetails.None);

    [Theory]
    [InlineData("no JSON")]
    [InlineData("{\"occurredAt\":7}")]
    [InlineData("{\"occurredAt\":\"\\ud800\"}")]
    [InlineData("{\"occurredAt\":\"yesterday\"}")]
    public void Body_without_a_readable_time_has_no_effective_time(string body)
        => BuiltInBody.EffectiveAtOf(EventType.Delivered, Encoding.UTF8.GetBytes(body)).ShouldBeNull();

    [Fact]
    public void Only_an_end_has_an_effective_time_of_its_own()
    {
        var body = "\uFEFF{\"occurredAt\":\"2026-02-28\"}"u8;

        IsoTime.Text(BuiltInBody.EffectiveAtOf(EventType.Cancelled, body)!.Value).ShouldBe("2026-02-28T23:59:59.999Z");
        BuiltInBody.EffectiveAtOf(EventType.Updated, body).ShouldBeNull();
    }

    [Theory]
    [InlineData("", "", "", "{}")]
    [InlineData("1", "", "", "{\"origin\":1}")]
    [InlineData("", "\"a\"", "", "{\"destination\":\"a\"}")]
    [InlineData("{ }", "", "1.0", "{\"origin\":{ },\"weight\":1.0}")]
    public void Details_hold_the_values_that_there_are(string origin, string destination, string weight, string details)
        => EventDetails.Of(Bytes(origin), Bytes(destination), Bytes(weight)).ShouldBe(details);

    [Fact]
    public void Details_may_be_large()
    {
        var origin = $"\"{new string('ü', 100_000)}\"";

        EventDetails.Of(Bytes(origin), default, default).ShouldBe($"{{\"origin\":{origin}}}");
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
