using System.Net;
using Gateway.Shared.Operator;
using Microsoft.AspNetCore.Http;

namespace Gateway.Shared.Tests.Operator;

public sealed class RemoteAddressTests
{
    [Theory]
    [InlineData("::ffff:127.0.0.1", "127.0.0.1")]
    [InlineData("::ffff:203.0.113.9", "203.0.113.9")]
    [InlineData("203.0.113.9", "203.0.113.9")]
    [InlineData("2001:db8::9", "2001:db8::9")]
    [InlineData("::1", "::1")]
    public void IPv4_address_is_not_shown_as_IPv6(string came, string shown)
    {
        var http = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(came) } };

        RemoteAddress.Of(http)!.ToString().ShouldBe(shown);
    }

    [Fact]
    public void Missing_address_is_null() => RemoteAddress.Of(new DefaultHttpContext()).ShouldBeNull();
}
