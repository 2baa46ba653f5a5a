using Gateway.EventsGateway;
using Gateway.RoutingService;
using Gateway.Shared;
using Gateway.Shared.Http;
using Gateway.Shared.Options;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Gateway.Host;

/// <summary>The settings of the web server that the wire contract needs.</summary>
internal static class WebDefaults
{
    /// <summary>The content root is the folder of the settings files: the project's, or that of the published files.</summary>
    public static WebApplicationOptions OptionsOf(string[] args) => new()
    {
        // Nothing reads settings again, and each watcher takes one of the 128 inotify instances that Linux gives a user:
        // beside an editor and other hosts the start failed.
        Args = [.. args, "--hostBuilder:reloadConfigOnChange=false"],
        ContentRootPath = args.Any(arg => arg.Contains(WebHostDefaults.ContentRootKey, StringComparison.OrdinalIgnoreCase))
                          || File.Exists("appsettings.json")
            ? null
            : AppContext.BaseDirectory,
    };

    public static void AddWebDefaults(this WebApplicationBuilder builder)
    {
        builder.Configuration.AddLegacyEnvironmentVariables();
        builder.Services.AddValidatedOptions<AppOptions>(AppOptions.Section).Validate<IConfiguration>(
            (_, configuration) => HasRoutingService(configuration),
            $"{EventsGatewayModule.RoutingUrlKey}: is not set, and the stub ({RoutingServiceModule.EnabledKey}) is off");
        builder.Services.AddOptions<AppOptions>().Validate(
            options => options.ManagementPort == 0 || options.ManagementPort != options.Port,
            $"{AppOptions.Section}:ManagementPort: must not be {AppOptions.Section}:Port");
        builder.AddWebServer();
        // Not AddControllers: it adds two authorization middlewares that are not used, and every webhook would pass both.
        builder.Services.AddMvcCore().AddApiExplorer().AddDataAnnotations().ConfigureApiBehaviorOptions(api =>
        {
            api.SuppressMapClientErrors = true;
            api.InvalidModelStateResponseFactory = context => new UnreadableRequestResult(context);
        });
        builder.Services.ConfigureOptions<RequestReading>();
        // Program reports a failed start once: as lines for configuration errors, with a stack trace otherwise.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        // A slow console drops lines and reports their number; a request never waits for it.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
    }

    public static void UseWebDefaults(this WebApplication app)
    {
        // Before anything below reads its own options, so that a failed start names all errors at once.
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        app.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout =
            app.Services.GetRequiredService<IOptions<AppOptions>>().Value.StopWithin;
        app.UseTrustedProxies();
        app.CloseConnectionsWhileStopping();
        app.UseRequestIds();
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(context => UnroutedRequests.AnswerAsync(context.HttpContext));
    }

    /// <summary>Runs until a signal ends the process. A signal during the start cancels the start, which is no fault.</summary>
    public static async Task RunToEndAsync(this WebApplication app)
    {
        await using var _ = app;
        try
        {
            await app.StartAsync();
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            await app.StopAsync();
            return;
        }

        await app.WaitForShutdownAsync();
    }

    /// <summary>For a request from this machine. Not through the options: their errors do not concern it.</summary>
    public static string LocalAddress(this WebApplication app)
        => $"http://localhost:{app.Configuration[$"{AppOptions.Section}:{nameof(AppOptions.Port)}"]}";

    /// <summary>
    /// The server stops after the worker, seconds after the signal; until then a proxy moves each connection to another process
    /// with the first 503 that it gets on it.
    /// </summary>
    private static void CloseConnectionsWhileStopping(this WebApplication app) => app.Use(static (http, next) =>
    {
        // When the answer starts: the stop may begin between here and the 503.
        http.Response.OnStarting(
            static http =>
            {
                CloseIfStopping((HttpContext)http);
                return Task.CompletedTask;
            },
            http);
        return next(http);
    });

    private static void CloseIfStopping(HttpContext http)
    {
        var lifetime = http.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        if (lifetime.ApplicationStopping.IsCancellationRequested && HttpProtocol.IsHttp11(http.Request.Protocol))
            http.Response.Headers.Connection = "close";
    }

    private static bool HasRoutingService(IConfiguration configuration)
        => !GatewayOptions.Of(configuration).HasWorker
           || ValidatedOptions.IsSet(configuration, EventsGatewayModule.RoutingUrlKey)
           || configuration.GetValue<bool>(RoutingServiceModule.EnabledKey);
}
