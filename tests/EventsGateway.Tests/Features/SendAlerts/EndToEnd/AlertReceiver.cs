using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Gateway.EventsGateway.Findings;
using Gateway.Shared.Time;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Tests.Features.SendAlerts.EndToEnd;

/// <summary>A message as it came.</summary>
internal sealed record ReceivedAlert(string Body, IHeaderDictionary Headers)
{
    public string Id => Headers["webhook-id"].ToString();

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string Finding => $"{Json.Text("type")![16..]} {Json.GetProperty("data").GetProperty("finding").Text("id")}";
}

/// <summary>A receiver of alerts whose answer the test sets.</summary>
internal sealed class AlertReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<ReceivedAlert> _all = new();
    private readonly WebApplication _app;

    private AlertReceiver(WebApplication app) => _app = app;

    public int Status { get; set; } = StatusCodes.Status204NoContent;

    public IReadOnlyList<ReceivedAlert> All => [.. _all];

    public string Url => $"{_app.Urls.Single()}/hooks/secret-part-of-the-address";

    public static async Task<AlertReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(WebServers.WithoutWatchers);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = new AlertReceiver(builder.Build());
        receiver._app.MapPost("/hooks/{secret}", receiver.TakeAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    public Task<IReadOnlyList<ReceivedAlert>> CameAsync(int count)
        => Until.TrueAsync(() => Task.FromResult(All), all => all.Count >= count);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    /// <summary>A status with findings that have stayed for an hour.</summary>
    public static StatusDto StatusOf(params string[] ids) => StatusDto.Of(ids.Select(id => new FindingDto(
        id, "warning", IsoTime.Text(DateTimeOffset.UtcNow.AddHours(-1)), null, null, $"{id} <!here> & more.", "Do it.", null)));

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var headers = new HeaderDictionary(request.Headers.ToDictionary());
        _all.Enqueue(new ReceivedAlert(await reader.ReadToEndAsync(), headers));
        return Results.StatusCode(Status);
    }
}
