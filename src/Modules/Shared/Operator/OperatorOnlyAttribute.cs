using Gateway.Shared.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Shared.Operator;

/// <summary>An endpoint for operators, their tools and the platform: on the management port, where there is one.</summary>
public interface IManagementEndpoint;

/// <summary>
/// Rejects requests without an operator, or with one whose role is not enough, and keeps the operator for
/// <see cref="OperatorOfRequest.Operator"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class OperatorOnlyAttribute : Attribute, IAsyncAuthorizationFilter, IManagementEndpoint
{
    public async Task OnAuthorizationAsync(AuthorizationFilterContext context)
    {
        var http = context.HttpContext;
        SessionCookie.ProtectAnswer(http);
        var who = await http.RequestServices.GetRequiredService<OperatorAccess>().FindAsync(http)
            ?? throw new RequestRejectedException(
                StatusCodes.Status401Unauthorized, $"Missing or wrong {OperatorAccess.KeyHeader}");
        // An endpoint that states no role is for admins, until somebody states one.
        var needed = context.ActionDescriptor.EndpointMetadata.OfType<NeedsRoleAttribute>().LastOrDefault()?.Role
            ?? OperatorRole.Admin;
        if (who.Role < needed)
        {
            throw new RequestRejectedException(
                StatusCodes.Status403Forbidden,
                $"This needs the role {needed.Text()}; the key {who.Name} has the role {who.Role.Text()}");
        }

        http.Features.Set(who);
    }
}

/// <summary>The least role for an endpoint of operators.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class NeedsRoleAttribute(OperatorRole role) : Attribute
{
    public OperatorRole Role => role;
}
