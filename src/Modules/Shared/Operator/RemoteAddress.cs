using System.Net;
using Microsoft.AspNetCore.Http;

namespace Gateway.Shared.Operator;

public static class RemoteAddress
{
    /// <summary>The address of the client; IPv4 addresses as IPv4, not mapped to IPv6 (<c>::ffff:127.0.0.1</c>).</summary>
    public static IPAddress? Of(HttpContext http)
        => http.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped
            ? mapped.MapToIPv4()
            : http.Connection.RemoteIpAddress;
}
