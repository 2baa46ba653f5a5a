using Gateway.Shared.Errors;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.Host;

/// <summary>Answers a body that MVC could not bind: names the field, without the .NET types of MVC's own message.</summary>
internal sealed class UnreadableRequestResult(ActionContext context) : IActionResult
{
    private const string Body = "body";

    public Task ExecuteResultAsync(ActionContext _)
    {
        var fields = context.ModelState.Where(field => field.Value!.Errors.Count > 0).Select(field => field.Key).ToList();
        // MVC reports the path of the member ($.filter.type), and beside it the name of the parameter.
        if (fields.Exists(IsPath)) fields.RemoveAll(field => !IsPath(field));
        return ProblemBody.WriteAsync(
            context.HttpContext, StatusCodes.Status400BadRequest, "Bad Request",
            fields.Select(NameOf).Distinct().ToDictionary(name => name, name => new[] { ErrorOf(name) }));
    }

    private static bool IsPath(string field) => field.StartsWith('$');

    private static string NameOf(string field) => field is "" or "$" || !IsPath(field) ? Body : field[2..];

    private static string ErrorOf(string name) => name == Body
        ? $"{name} must be a JSON object"
        : $"{name} is not a known field, not of the right type, or broken JSON";
}
