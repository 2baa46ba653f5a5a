using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.Host.Tests.Console.Browser;

/// <summary>Traffic for screenshots: accepted and rejected requests, slow and failing calls to the routing service.</summary>
/// <param name="host">The gateway.</param>
/// <param name="routing">Its routing service; answers 503 for a tenth of <paramref name="length"/>.</param>
/// <param name="length">The time until every kind of traffic has occurred.</param>
internal sealed class BackgroundTraffic(GatewayHost host, FakeRoutingService routing, TimeSpan length)
{
    private const int TicksPerSecond = 10;

    private readonly Webhooks _webhooks = new();
    private readonly Random _chance = new(7);
    private readonly TaskCompletionSource _full = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _tick;

    /// <summary>Every kind of traffic has occurred.</summary>
    public Task Full => _full.Task;

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / TicksPerSecond));
        var ticks = (int)(length.TotalSeconds * TicksPerSecond);
        while (!end.IsCancellationRequested && await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            _tick++;
            var isDown = _tick > ticks * 5 / 10 && _tick < ticks * 6 / 10;
            routing.Answer = (call, time) => isDown ? Results.StatusCode(503) : AnswerOf(call, time);
            var webhooks = Enumerable.Range(0, Rate).Select(_ => _webhooks.Next() with { Type = NextType() });
            await Task.WhenAll(webhooks.Select(host.Client.AcceptedAsync));
            if (_tick == ticks) _full.SetResult();
            if (_tick % (5 * TicksPerSecond) == 1) await SendRejectedAsync(_tick / (5 * TicksPerSecond));
        }
    }

    // Waves, with bursts.
    private int Rate => (int)(3 + 1.5 * Math.Sin(_tick / 250.0) + _chance.NextDouble() * 2 + (_tick % 700 < 40 ? 5 : 0));

    private string NextType()
        => _chance.Next(6) switch { 0 => "SHIPMENT_CREATED", 1 => "SHIPMENT_DELIVERED", _ => "SHIPMENT_UPDATED" };

    private static IResult AnswerOf(RoutingCall call, int time)
        => (Math.Abs(call.IdempotencyKey.GetHashCode(StringComparison.Ordinal)) % 800) switch
        {
            0 => Results.StatusCode(422),
            1 => Results.StatusCode(410),
            2 or 3 => Results.StatusCode(503),
            < 12 when time == 1 => Results.StatusCode(503),
            _ => FakeRoutingService.HeldBack(Task.Delay(50 + call.IdempotencyKey.Length * 3), FakeRoutingService.Routed(call)),
        };

    private async Task SendRejectedAsync(int turn)
    {
        var webhook = _webhooks.Next() with { OccurredAt = turn % 3 == 0 ? "yesterday" : "2026-02-25T14:30:00Z" };
        var request = host.Client.SignedRequest(webhook.ToBytes());
        if (turn % 3 == 1) request.Headers.Remove(Signature.Header);
        if (turn % 3 == 2)
        {
            request.Headers.Remove(Signature.Header);
            request.Headers.Add(Signature.Header, Convert.ToBase64String(new byte[32]));
        }

        await host.Client.RejectedAsync(request);
    }
}
