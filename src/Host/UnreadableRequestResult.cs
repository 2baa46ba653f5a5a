using Gateway.Shared.Errors;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.Host;

/// <summary>A body that MVC could not bind: the field is named, the words are ours and speak of no .NET type.</summary>
internal sealed class UnreadableRequestResult(ActionContext context) : IActionResult
{
    private const string Body = "body";

    public Task ExecuteResultAsync(ActionContext _)
    {
        var fields = context.ModelState.Where(field => field.Value!.Errors.Count > 0).Select(field => field.Key).ToList();
        // A body that could not be read leaves paths ($.filter.type), and beside them the name of the parameter it was for.
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
