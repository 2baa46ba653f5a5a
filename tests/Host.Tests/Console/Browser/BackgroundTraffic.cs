using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.Host.Tests.Console.Browser;

/// <summary>A gateway on a working day: couriers of all kinds, some that sign wrongly, a routing service that is slow and fails at times.</summary>
/// <param name="host">The gateway.</param>
/// <param name="routing">Its routing service: away for a tenth of the time.</param>
/// <param name="length">How long it takes until there is something to see.</param>
internal sealed class BackgroundTraffic(GatewayHost host, FakeRoutingService routing, TimeSpan length)
{
    private const int TicksPerSecond = 10;

    private readonly Webhooks _webhooks = new();
    private readonly Random _chance = new(7);
    private readonly TaskCompletionSource _full = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _tick;

    /// <summary>Everything has happened at least once.</summary>
    public Task Full => _full.Task;

    /// <summary>Goes on until it is told to end.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / TicksPerSecond));
        var ticks = (int)(length.TotalSeconds * TicksPerSecond);
        while (!end.IsCancellationRequested && await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            _tick++;
            var isAway = _tick > ticks * 5 / 10 && _tick < ticks * 6 / 10;
            routing.Answer = (call, time) => isAway ? Results.StatusCode(503) : AnswerOf(call, time);
            await Task.WhenAll(Enumerable.Range(0, Rate).Select(_ => host.Client.AcceptedAsync(_webhooks.Next() with { Type = NextType() })));
            if (_tick == ticks) _full.SetResult();
            if (_tick % (5 * TicksPerSecond) == 1) await RefusedAsync(_tick / (5 * TicksPerSecond));
        }
    }

    // Waves, and now and then a burst.
    private int Rate => (int)(3 + 1.5 * Math.Sin(_tick / 250.0) + _chance.NextDouble() * 2 + (_tick % 700 < 40 ? 5 : 0));

    private string NextType() => _chance.Next(6) switch { 0 => "SHIPMENT_CREATED", 1 => "SHIPMENT_DELIVERED", _ => "SHIPMENT_UPDATED" };

    private static IResult AnswerOf(RoutingCall call, int time) => (Math.Abs(call.IdempotencyKey.GetHashCode(StringComparison.Ordinal)) % 800) switch
    {
        0 => Results.StatusCode(422),
        1 => Results.StatusCode(410),
        2 or 3 => Results.StatusCode(503),
        < 12 when time == 1 => Results.StatusCode(503),
        _ => FakeRoutingService.HeldBack(Task.Delay(50 + call.IdempotencyKey.Length * 3), FakeRoutingService.Routed(call)),
    };

    private async Task RefusedAsync(int turn)
    {
        var request = host.Client.SignedRequest((_webhooks.Next() with { OccurredAt = turn % 3 == 0 ? "yesterday" : "2026-02-25T14:30:00Z" }).ToBytes());
        if (turn % 3 == 1) request.Headers.Remove(Signature.Header);
        if (turn % 3 == 2)
        {
            request.Headers.Remove(Signature.Header);
            request.Headers.Add(Signature.Header, Convert.ToBase64String(new byte[32]));
        }

        await host.Client.RefusedAsync(request);
    }
}
