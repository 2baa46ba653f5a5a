using Gateway.Shared.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Shared.Operator;

/// <summary>An endpoint for operators, their tools and the platform: on the management port, where there is one.</summary>
public interface IManagementEndpoint;

/// <summary>
/// Rejects requests without an operator, or with one whose role is not enough, and keeps the operator for
/// <see cref="OperatorOfRequest.Operator"/>. The API description gets the answers that all such endpoints have.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class OperatorOnlyAttribute
    : Attribute, IAsyncAuthorizationFilter, IManagementEndpoint, IControllerModelConvention
{
    private static readonly int[] OfAll =
        [StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status429TooManyRequests];

    public void Apply(ControllerModel controller)
    {
        foreach (var action in controller.Actions)
        {
            foreach (var status in OfAll) action.Filters.Add(new ProducesProblemAttribute(status));
            if (action.Parameters.Any(parameter => parameter.BindingInfo?.BindingSource == BindingSource.Body))
                action.Filters.Add(new ProducesProblemAttribute(StatusCodes.Status413PayloadTooLarge));
            // Without a declared answer the framework describes what the method returns; an error counts as one.
            if (AnswerOf(action) is { } answer)
                action.Filters.Add(new ProducesResponseTypeAttribute(answer, StatusCodes.Status200OK));
        }
    }

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

    /// <summary>The T of a method that returns <c>Task&lt;T&gt;</c>; null if it chooses the answer itself.</summary>
    private static Type? AnswerOf(ActionModel action)
        => action.ActionMethod.ReturnType is { IsGenericType: true } task && task.GetGenericArguments()[0] is var answer
           && !answer.IsAssignableTo(typeof(IActionResult)) && !answer.IsAssignableTo(typeof(IResult))
            ? answer
            : null;
}

/// <summary>The least role for an endpoint of operators.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class NeedsRoleAttribute(OperatorRole role) : Attribute
{
    public OperatorRole Role => role;
}
