using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Gateway.Shared.Operator;

public static class RemoteAddress
{
    /// <summary>The address of the client; IPv4 addresses as IPv4, not mapped to IPv6 (<c>::ffff:127.0.0.1</c>).</summary>
    public static IPAddress? Of(HttpContext http)
        => http.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped
            ? mapped.MapToIPv4()
            : http.Connection.RemoteIpAddress;

    /// <summary>For limits. A client of IPv6 usually owns 2^64 addresses, so it is counted by their network.</summary>
    public static IPAddress? NetworkOf(HttpContext http)
    {
        if (Of(http) is not { AddressFamily: AddressFamily.InterNetworkV6 } address) return Of(http);
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
