using Gateway.EventsGateway;
using Gateway.Host;
using Gateway.Host.OpenApi;
using Gateway.RoutingService;
using Gateway.Shared;

try
{
    var builder = WebApplication.CreateBuilder(WebDefaults.OptionsOf(args));
    builder.AddWebDefaults();
    builder.Services.AddShared();
    builder.Services.AddEventsGateway(builder.Configuration);
    builder.Services.AddRoutingService();
    builder.Services.AddApiDocs();
    builder.AddTelemetry();

    var app = builder.Build();
    // Another word is a misspelled command: a gateway that starts instead would run in the user's CI without an end.
    if (args is [{ Length: > 0 } word, .. var command] && char.IsAsciiLetter(word[0]) && !word.Contains('='))
    {
        if (word == "rules")
        {
            Console.Out.Write(EventsGatewayModule.PrometheusRules(app.Services));
            return 0;
        }

        return EventsGatewayModule.RunSources(
            app.Services, word == "sources" ? command : [], app.LocalAddress(), Console.Out);
    }

    app.UseWebDefaults();
    app.UseRouting();
    app.UseManagementPort();
    app.UseEventsGateway();
    app.UseBodyLimits();
    app.MapControllers();
    app.MapHealth();
    app.MapMetrics();
    app.MapApiDocs();
    app.MapSenderDocs();
    app.ChooseAddress();
    app.PrintBanner();
    app.WarnOfOriginalVariables();
    await app.RunToEndAsync();
    return 0;
}
catch (Exception exception) when (StartupErrors.Of(exception) is { Count: > 0 } errors)
{
    foreach (var error in errors.Distinct()) await Console.Error.WriteLineAsync(LegacyEnvironmentVariables.WithFlatName(error));
    return 1;
}
