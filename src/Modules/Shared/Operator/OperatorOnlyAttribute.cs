using Gateway.Shared.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Shared.Operator;

/// <summary>Rejects requests without an operator, and keeps the operator for <see cref="OperatorOfRequest.Operator"/>.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class OperatorOnlyAttribute : Attribute, IAuthorizationFilter
{
    public void OnAuthorization(AuthorizationFilterContext context)
    {
        var http = context.HttpContext;
        http.Features.Set(
            http.RequestServices.GetRequiredService<OperatorAccess>().Find(http)
            ?? throw new RequestRejectedException(
                StatusCodes.Status401Unauthorized, $"Missing or wrong {OperatorAccess.KeyHeader}"));
    }
}
