using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Gateway.Shared;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.RoutingService.Tests;

/// <summary>The stub on its own free port; by default it answers at once.</summary>
internal sealed class StubHost : IAsyncDisposable
{
    public const string OperatorKey = "an operator key of tests";

    private readonly Channel<bool> _ended = Channel.CreateUnbounded<bool>();
    private readonly WebApplication _app;

    private StubHost((string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(WebServers.WithoutWatchers);
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Gateway:Operator:ApiKey"] = OperatorKey,
            ["Gateway:RoutingService:Enabled"] = "true",
            ["Gateway:RoutingService:DelayMs"] = "0",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(
            one => KeyValuePair.Create<string, string?>($"Gateway:RoutingService:{one.Key}", one.Value)));
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddShared().AddRoutingService();
        builder.Services.AddControllers().AddApplicationPart(typeof(RoutingServiceModule).Assembly);
        _app = builder.Build();
        _app.Use(async (_, next) =>
        {
            try
            {
                await next();
            }
            finally
            {
                _ended.Writer.TryWrite(true);
            }
        });
        _app.UseExceptionHandler(_ => { });
        _app.MapControllers();
    }

    public SteppedTime Time { get; } = new();

    public HttpClient Client { get; } = new();

    public static async Task<StubHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var host = new StubHost(settings);
        try
        {
            await host._app.StartAsync();
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }

        host.Client.BaseAddress = new Uri(host._app.Urls.Single());
        return host;
    }

    public Task<HttpResponseMessage> PostAsync(string? key = null, CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/routing-service") { Content = new StringContent("{}") };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return Client.SendAsync(request, cancellationToken);
    }

    public async Task<string> RouteIdOfAsync(string? key = null)
    {
        using var response = await PostAsync(key);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!["routeId"]!.GetValue<string>();
    }

    public Task<HttpResponseMessage> GetAsOperatorAsync(string path)
        => Client.SendAsync(new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "X-Api-Key", OperatorKey } } });

    public async Task<string> StatsAsync()
    {
        using var response = await GetAsOperatorAsync("/v1/routing-service/stats");
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Returns when the server has finished a request, answered or not.</summary>
    public Task RequestEnded() => _ended.Reader.ReadAsync().AsTask().WaitAsync(SteppedTime.Timeout);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
