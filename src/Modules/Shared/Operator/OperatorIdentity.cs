using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Shared.Operator;

/// <summary>The operator of a request, for the audit log.</summary>
/// <param name="Name">The name of the key.</param>
/// <param name="Role">What the key may do.</param>
/// <param name="Kind">How the request was authenticated: one of the constants.</param>
/// <param name="Session">The id of the login; null without one.</param>
public sealed record OperatorIdentity(string Name, OperatorRole Role, string Kind, string? Session = null)
{
    /// <summary><c>X-Api-Key</c>.</summary>
    public const string Key = "key";

    /// <summary>The cookie of a login.</summary>
    public const string Console = "console";

    /// <summary>No authentication: Development without a key, on loopback.</summary>
    public const string Developer = "developer";
}

public static class OperatorOfRequest
{
    /// <summary>The operator of a request that <see cref="OperatorOnlyAttribute"/> has authenticated.</summary>
    public static OperatorIdentity Operator(this HttpContext http) => http.Features.GetRequiredFeature<OperatorIdentity>();
}
