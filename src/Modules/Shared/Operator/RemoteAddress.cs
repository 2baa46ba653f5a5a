using System.Net;
using Microsoft.AspNetCore.Http;

namespace Gateway.Shared.Operator;

public static class RemoteAddress
{
    /// <summary>Who asks; an IPv4 address as such, not as a socket that listens on both gives it (<c>::ffff:127.0.0.1</c>).</summary>
    public static IPAddress? Of(HttpContext http)
        => http.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : http.Connection.RemoteIpAddress;
}
