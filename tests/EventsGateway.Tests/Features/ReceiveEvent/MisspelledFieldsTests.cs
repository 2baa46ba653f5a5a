using System.Text;
using Gateway.EventsGateway.Features.ReceiveEvent.Rejections;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent;

public sealed class MisspelledFieldsTests
{
    [Theory]
    [InlineData("event_id")]
    [InlineData("EventId")]
    [InlineData("event-id")]
    [InlineData("eventID")]
    public void Missing_field_in_another_spelling_is_named(string member)
        => HintOf($$"""{"{{member}}":"1"}""").ShouldBe($"; the body has {member}: did you mean eventId?");

    [Theory]
    [InlineData("""{"id":"1"}""")]
    [InlineData("""{"eventId":7,"event_id":"1"}""")]
    [InlineData("""{"event":{"event_id":"1"},"\udc00":1}""")]
    [InlineData("\ufeff{}")]
    public void Other_members_are_not_named(string body) => HintOf(body).ShouldBe("");

    private static string HintOf(string body)
        => MisspelledFields.HintOf(new Dictionary<string, string[]> { ["eventId"] = [] }, Encoding.UTF8.GetBytes(body));
}
