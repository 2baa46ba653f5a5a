using System.Net;
using Gateway.Shared.Errors;

namespace Gateway.EventsGateway.Routing;

/// <summary>Why no answer arrived: the innermost reason, because the outer ones only say that there is an inner one.</summary>
internal static class TransportFault
{
    public static string Text(Exception fault, Uri url, IWebProxy proxy)
    {
        var reason = fault.GetBaseException().Message.TrimEnd('.');
        var kind = (fault as HttpRequestException)?.HttpRequestError;
        var what = kind == HttpRequestError.NameResolutionError ? "the host name was not resolved: "
            : reason.Contains("NotTimeValid", StringComparison.Ordinal) ? "the certificate has expired or is not valid yet: "
            : reason.Contains("NameMismatch", StringComparison.Ordinal) ? "the certificate is for another host name: "
            : "";
        // The framework's text about a proxy has the address of the proxy, which may have a password.
        if (kind == HttpRequestError.ProxyTunnelError) (what, reason) = ("", "the proxy did not open a tunnel");
        return OutsideText.Clean($"{what}{reason} ({url.Host}:{url.Port}{Through(url, proxy)})");
    }

    private static string Through(Uri url, IWebProxy proxy)
        => !proxy.IsBypassed(url) && proxy.GetProxy(url) is { } address && address != url
            ? $", through proxy {address.Host}:{address.Port}"
            : "";
}
