using System.Text;
using Gateway.EventsGateway;
using Gateway.Shared.Errors;
using Gateway.Shared.Options;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Gateway.Host;

/// <summary>What the web server needs to behave as the contract says, whatever the modules do.</summary>
internal static class WebDefaults
{
    /// <summary>The content root is where the settings are: the project's folder, or that of the published files.</summary>
    public static WebApplicationOptions OptionsOf(string[] args) => new()
    {
        Args = args,
        ContentRootPath = args.Any(arg => arg.Contains(WebHostDefaults.ContentRootKey, StringComparison.OrdinalIgnoreCase))
                          || File.Exists("appsettings.json")
            ? null
            : AppContext.BaseDirectory,
    };

    public static void AddWebDefaults(this WebApplicationBuilder builder)
    {
        builder.Configuration.AddOriginalEnvironment();
        builder.Services.AddValidatedOptions<AppOptions>(AppOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<AppOptions>, RoutingTargetRule>();
        // Not AddControllers: that brings two middlewares for logins which nobody has, and every webhook waits in both.
        builder.Services.AddMvcCore().AddApiExplorer().AddDataAnnotations().ConfigureApiBehaviorOptions(api =>
        {
            api.SuppressMapClientErrors = true;
            api.InvalidModelStateResponseFactory = context => new UnreadableRequestResult(context);
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // A byte above 0x7F in a signature is a wrong signature (401), not a request that Kestrel refuses (R14).
            kestrel.RequestHeaderEncodingSelector =
                name => name.Equals(EventsGatewayModule.SignatureHeader, StringComparison.OrdinalIgnoreCase) ? Encoding.Latin1 : null!;
        });
        // A start that fails is told once, by Program: as a line when it is a mistake, with its stack trace otherwise.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        // A console that cannot keep up loses lines, and says how many; it never makes a courier wait.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
    }

    public static void UseWebDefaults(this WebApplication app)
    {
        // Before anything below asks for its own options: a start that is refused names all mistakes at once.
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        app.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout =
            app.Services.GetRequiredService<IOptions<AppOptions>>().Value.StopWithin;
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(context => AnswerUnroutedAsync(context.HttpContext));
    }

    // As in the original, a verb that is not routed is answered like a path that is not: 404.
    private static Task AnswerUnroutedAsync(HttpContext http)
    {
        var status = http.Response.StatusCode;
        if (status is not (StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed))
            return ProblemBody.WriteAsync(http, status, MessageOf(status));
        http.Response.Headers.Remove("Allow");
        return ProblemBody.WriteAsync(http, StatusCodes.Status404NotFound, ProblemBody.CannotServe(http));
    }

    // curl calls every body a form unless it is told otherwise.
    private static string MessageOf(int status) => status == StatusCodes.Status415UnsupportedMediaType
        ? "Only application/json is accepted"
        : Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
}
