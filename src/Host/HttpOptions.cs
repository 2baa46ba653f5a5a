using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Host;

public sealed class HttpOptions : IValidatableObject
{
    public const string Section = "Gateway:Http";

    /// <summary>Addresses or networks (CIDR) of the proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.</summary>
    public IList<string> TrustedProxies { get; set; } = [];

    /// <summary>Connections at the same time; further ones are closed at once.</summary>
    [Range(10, 1_000_000, ErrorMessage = "must be between 10 and 1000000 connections")]
    public int MaxConnections { get; set; } = 10_000;

    internal IEnumerable<IPNetwork> TrustedNetworks => TrustedProxies.Select(text => NetworkOf(text)!.Value);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        => TrustedProxies.Where(text => NetworkOf(text) is null).Select(text => new ValidationResult(
            $"'{text}' is neither an address nor a network such as 10.0.0.0/8",
            [nameof(TrustedProxies)]));

    private static IPNetwork? NetworkOf(string text)
    {
        if (IPAddress.TryParse(text, out var address))
            text += address.AddressFamily == AddressFamily.InterNetwork ? "/32" : "/128";
        return IPNetwork.TryParse(text, out var network) ? network : null;
    }
}
