using System.Text;
using Gateway.EventsGateway.Sources.Bodies;

namespace Gateway.EventsGateway.Tests.Sources.Bodies;

public sealed class BodyPlanTests
{
    private const string NoJson = "the body is not valid JSON";

    [Theory]
    [InlineData("", NoJson)]
    [InlineData(" ", NoJson)]
    [InlineData("{\"a\":1", NoJson)]
    [InlineData("{\"a\":1}x", NoJson)]
    [InlineData("{\"a\":01}", NoJson)]
    [InlineData("{'a':1}", NoJson)]
    [InlineData("{\"a\":1,}", NoJson)]
    [InlineData("{\"b\":\"\\x\"}", NoJson)]
    [InlineData("webhook_id=1", NoJson)]
    [InlineData("{\"\\ud800\":1,\"a\":2}", null)]
    [InlineData("\uFEFF{\"a\":1}", null)]
    [InlineData("1", null)]
    [InlineData("[]", null)]
    public void Any_body_has_a_result(string body, string? expected) => ErrorOf(Encoding.UTF8.GetBytes(body)).ShouldBe(expected);

    [Fact]
    public void Broken_utf8_is_an_error_in_members_that_no_path_names()
        => ErrorOf([.. "{\"b\":\""u8, 0xC3, 0x28, .. "\"}"u8]).ShouldBe("the body is not valid UTF-8");

    [Theory]
    [InlineData(64, null)]
    [InlineData(65, NoJson)]
    [InlineData(100_000, NoJson)]
    public void More_than_64_levels_are_no_body(int depth, string? expected)
        => ErrorOf(Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth))).ShouldBe(expected);

    [Fact]
    public void Value_of_64_levels_below_a_path_is_read()
    {
        var body = string.Concat(Enumerable.Repeat("{\"a\":", 63)) + "[7]" + new string('}', 63);
        SourcePath.TryParse("$" + string.Concat(Enumerable.Repeat(".a", 63)) + "[0]", out var path, out _).ShouldBeTrue();

        new BodyPlan([path]).TryRead(Encoding.UTF8.GetBytes(body), out var values, out var error).ShouldBeTrue(error);

        Encoding.UTF8.GetString(values.Raw(path, 0).Span).ShouldBe("7");
    }

    private static string? ErrorOf(byte[] body)
    {
        SourcePath.TryParse("$.a", out var path, out _).ShouldBeTrue();
        new BodyPlan([path]).TryRead(body, out _, out var error);
        return error;
    }
}
