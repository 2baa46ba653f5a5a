using System.Net;
using System.Security.Cryptography;
using System.Text;
using Gateway.Shared.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Gateway.Shared.Operator;

/// <summary>Lets a request pass that carries the operator's key in <c>X-Api-Key</c>.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class OperatorOnlyAttribute : Attribute, IAuthorizationFilter
{
    public const string Header = "X-Api-Key";

    public void OnAuthorization(AuthorizationFilterContext context)
    {
        var http = context.HttpContext;
        var key = http.RequestServices.GetRequiredService<IOptions<OperatorOptions>>().Value.ApiKey;
        if (key.Length > 0)
        {
            if (!Matches(http.Request.Headers[Header].ToString(), key))
                throw new RequestRefusedException(StatusCodes.Status401Unauthorized, "Missing or wrong X-Api-Key");
        }
        else if (!IsDeveloperAtHome(http))
        {
            throw new RequestRefusedException(
                StatusCodes.Status404NotFound, ProblemBody.CannotServe(http));
        }
    }

    // Hashed first: FixedTimeEquals answers at once when the lengths differ, which would tell the key's length.
    private static bool Matches(string given, string key)
        => CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static bool IsDeveloperAtHome(HttpContext http)
        => http.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment()
           && http.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote);
}
