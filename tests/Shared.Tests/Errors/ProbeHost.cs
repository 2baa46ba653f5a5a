using System.Net;
using Gateway.Shared.Errors;
using Gateway.Shared.Http;
using Gateway.Shared.Mediation;
using Gateway.Shared.Operator;
using Gateway.Shared.Sqlite;
using Gateway.Shared.Tests.Mediation;
using Gateway.TestSupport;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Shared.Tests.Errors;

/// <summary>A small real server with one route per kind of exception.</summary>
internal sealed class ProbeHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ProbeHost(string environment, string apiKey, IPAddress? remote, (string Key, string Value)[] keys)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            EnvironmentName = environment, Args = WebServers.WithoutWatchers,
        });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create<string, string?>("Gateway:Operator:ApiKey", apiKey)]);
        builder.Configuration.AddInMemoryCollection(keys.Select(
            one => KeyValuePair.Create<string, string?>($"Gateway:Operator:{one.Key}", one.Value)));
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<TimeProvider>(Time);
        // Development validates all registrations at start, also that of the database that no route uses.
        builder.Services.AddSingleton(new SqliteSchema([]));
        builder.Services.AddShared().AddHandlersOf(typeof(ProbeHost).Assembly);
        builder.Services.AddControllers().AddApplicationPart(typeof(ProbeController).Assembly);
        _app = builder.Build();
        _app.UseRequestIds();
        _app.UseExceptionHandler(_ => { });
        _app.Use((http, next) =>
        {
            http.Connection.RemoteIpAddress = remote ?? http.Connection.RemoteIpAddress;
            return next();
        });
        _app.MapControllers();
    }

    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseCookies = false });

    public SteppedTime Time { get; } = new();

    public IServiceProvider Services => _app.Services;

    public static async Task<ProbeHost> StartAsync(
        string environment = "Production", string apiKey = "", IPAddress? remote = null,
        params (string Key, string Value)[] keys)
    {
        var host = new ProbeHost(environment, apiKey, remote, keys);
        await host._app.StartAsync();
        host.Client.BaseAddress = new Uri(host._app.Urls.Single());
        host.Client.DefaultRequestHeaders.Add(RequestId.Header, "r-1");
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}

[Route("probe")]
public sealed class ProbeController(IMediator mediator) : ControllerBase
{
    [HttpGet("{fault}")]
    public Task<string> Fail(string fault, CancellationToken cancellationToken) => fault switch
    {
        "backend" => throw new BackendUnavailableException("sqlite", "disk full at /var/secret"),
        "rejected" => throw new RequestRejectedException(StatusCodes.Status401Unauthorized, "Invalid signature"),
        "conflict" => throw new RequestRejectedException(StatusCodes.Status409Conflict, "already there"),
        "too-large" => throw new BadHttpRequestException("The max is 1.", StatusCodes.Status413PayloadTooLarge),
        "unreadable" => throw new BadHttpRequestException("Unexpected end of request content."),
        "invalid" => mediator.Send(new GreetCommand("", 0), cancellationToken),
        _ => throw new InvalidOperationException("the secret is 42"),
    };

    [OperatorOnly]
    [NeedsRole(OperatorRole.Read)]
    [AcceptVerbs("GET", "HEAD", "POST", "DELETE", Route = "operator")]
    public OperatorIdentity ForOperators() => HttpContext.Operator();

    [OperatorOnly]
    [NeedsRole(OperatorRole.Operate)]
    [HttpGet("operate")]
    public IActionResult ForOperate() => Ok();

    [OperatorOnly]
    [HttpGet("without-role")]
    public IActionResult ForAdmins() => Ok();
}
