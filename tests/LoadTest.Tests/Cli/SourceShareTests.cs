using Gateway.LoadTest.Cli;

namespace Gateway.LoadTest.Tests.Cli;

public sealed class SourceShareTests
{
    [Theory]
    [InlineData("easypost", "easypost", 1, 1)]
    [InlineData("easypost=3", "easypost", 1, 3)]
    [InlineData("dhl-push:100", "dhl-push", 100, 1)]
    [InlineData("dhl-push:500=1000", "dhl-push", 500, 1000)]
    public void Share_has_a_name_events_and_a_weight(string text, string name, int events, int weight)
    {
        SourceShare.TryParse(text, out var share).ShouldBeTrue();
        share.ShouldBe(new SourceShare(name, events, weight));
        share.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("=1")]
    [InlineData("a=0")]
    [InlineData("a=-1")]
    [InlineData("a=x")]
    [InlineData("a=1001")]
    [InlineData("a:0")]
    [InlineData("a:501")]
    [InlineData("a:")]
    [InlineData("a=3:100")]
    public void Share_of_another_form_is_rejected(string text) => SourceShare.TryParse(text, out _).ShouldBeFalse();
}
