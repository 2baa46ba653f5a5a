using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Tests.Entities;

public sealed class FailureReasonTests
{
    [Fact]
    public void Every_reason_has_a_text_that_leads_back_to_it()
    {
        foreach (var reason in Enum.GetValues<FailureReason>()) FailureReasonText.Parse(reason.Text()).ShouldBe(reason);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("routed")]
    [InlineData("Poison")]
    public void Any_other_text_is_not_a_reason(string? text) => FailureReasonText.Parse(text).ShouldBeNull();

    [Fact]
    public void Lists_for_people_name_every_reason_once()
    {
        FailureReasonText.OneOf.Replace(" or ", ", ", StringComparison.Ordinal).Split(", ").ShouldBe(FailureReasonText.All);
        EventOutcome.OneOf.Replace(" or ", ", ", StringComparison.Ordinal).Split(", ").ShouldBe(EventOutcome.All);
    }
}
