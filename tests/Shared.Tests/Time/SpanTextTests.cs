using Gateway.Shared.Time;

namespace Gateway.Shared.Tests.Time;

public sealed class SpanTextTests
{
    [Theory]
    [InlineData("00:00:00", "0 s")]
    [InlineData("00:01:59.9", "119 s")]
    [InlineData("00:02:00", "2 min")]
    [InlineData("01:59:59", "119 min")]
    [InlineData("02:00:00", "2 h")]
    [InlineData("3.04:00:00", "3 d")]
    public void Duration_is_shown_in_the_largest_unit_with_at_least_two(string span, string text)
        => SpanText.Of(TimeSpan.Parse(span, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(text);
}
