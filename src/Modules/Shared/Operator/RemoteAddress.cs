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

    /// <summary>Of the client, for limits.</summary>
    public static IPAddress NetworkOf(HttpContext http) => NetworkOf(Of(http));

    /// <summary>
    /// What limits count: an IPv6 client usually owns a network of 2^64 addresses, so it is counted by the first half.
    /// </summary>
    public static IPAddress NetworkOf(IPAddress? address)
    {
        if (address is null) return IPAddress.None;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        if (bytes.Length == 16) bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
