using Gateway.Shared.Operator;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Audit;

/// <summary>The operator behind a request: name and address, as in an audit record.</summary>
internal readonly record struct Caller(string Who, string From)
{
    public static Caller Of(HttpContext http) => Of(http, http.Operator());

    public static Caller Of(HttpContext http, OperatorIdentity who) => new(who.Name, RemoteAddress.Of(http)?.ToString() ?? "");
}
