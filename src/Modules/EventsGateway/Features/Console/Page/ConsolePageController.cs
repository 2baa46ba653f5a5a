using Gateway.Shared.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.Console.Page;

/// <summary>The static files of the console. They contain no data and need no login: data comes from the operator API.</summary>
[ApiController]
[ConsoleArea]
[ApiExplorerSettings(IgnoreApi = true)]
[Route("console")]
public sealed class ConsolePageController : ControllerBase
{
    [HttpGet]
    [HttpHead]
    public IActionResult Page() => File(PageFile.Page.Bytes, PageFile.Page.ContentType);

    [HttpGet("assets/{**name}")]
    [HttpHead("assets/{**name}")]
    public IActionResult Asset(string name)
    {
        if (PageFile.Find(name) is not { } file)
            throw new RequestRejectedException(StatusCodes.Status404NotFound, ProblemBody.CannotServe(HttpContext));
        // Cached with revalidation, so that a new version of the gateway shows at once.
        Response.Headers.CacheControl = "no-cache";
        return File(file.Bytes, file.ContentType, lastModified: null, file.Tag);
    }
}
