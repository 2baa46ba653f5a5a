using System.Text;
using Gateway.Shared.Http;

namespace Gateway.Shared.Tests.Http;

public sealed class HeaderTextTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("")]
    [InlineData("Café")]
    [InlineData("送り状")]
    public void UTF8_is_read_as_such(string text)
        => HeaderText.Of(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text))).ShouldBe(text);

    [Theory]
    [InlineData("Caf\u00e9")]
    [InlineData("\u00ff\u00fe")]
    public void Other_bytes_are_read_as_Latin1(string text) => HeaderText.Of(text).ShouldBe(text);
}
