using Gateway.EventsGateway.Features.SendAlerts;
using Gateway.EventsGateway.Findings;
using Gateway.EventsGateway.Tests.Features.SendAlerts.EndToEnd;
using Gateway.EventsGateway.Tests.Monitoring;
using Gateway.TestSupport;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Tests.Features.SendAlerts;

/// <summary>A receiver that is down for a while.</summary>
public sealed class AlertTargetTests : IAsyncLifetime, ILogger<AlertTarget>
{
    private readonly SteppedTime _time = new();
    private readonly HttpClient _http = new();
    private readonly AlertTargets _targets = new(NullTelemetry.Metrics);
    private readonly List<string> _lines = [];
    private AlertReceiver _receiver = null!;
    private AlertTarget _target = null!;

    public async ValueTask InitializeAsync()
    {
        _receiver = await AlertReceiver.StartAsync();
        _target = new AlertTarget(
            "webhook",
            (message, now) => AlertRequests.ToWebhook(new Uri(_receiver.Url), "a secret of sixteen bytes", message, now), _http,
            _targets, _time, this);
    }

    public async ValueTask DisposeAsync()
    {
        await _target.StoppingAsync(CancellationToken.None);
        _target.Dispose();
        _http.Dispose();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Messages_are_repeated_after_growing_waits_until_they_are_taken_in_their_order()
    {
        _receiver.Status = 503;
        foreach (var id in new[] { "lag", "duplicates" }) _target.Enqueue(MessageOf(id));
        await _target.StartedAsync(CancellationToken.None);

        foreach (var seconds in new[] { 1, 2, 4, 8 })
        {
            await _time.TimerRunsAsync(TimeSpan.FromSeconds(seconds));
            _targets.All.Single().ShouldBe(new TargetFigure("webhook", 2, _targets.All.Single().FailingSince, "it answered 503"));
            if (seconds == 8) _receiver.Status = 204;
            _time.Advance(TimeSpan.FromSeconds(seconds));
        }

        await _receiver.CameAsync(6);
        await Until.TrueAsync(() => _target.Waiting.Count == 0);

        _receiver.All.Select(one => one.Finding)
            .ShouldBe([.. Enumerable.Repeat("began lag", 5), "began duplicates"]);
        _receiver.All.Take(5).Select(one => one.Id).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Outage_is_one_line_at_its_begin_and_one_at_its_end_without_the_address()
    {
        _receiver.Status = 500;
        _target.Enqueue(MessageOf("lag"));
        await _target.StartedAsync(CancellationToken.None);
        foreach (var seconds in new[] { 1, 2, 4 })
        {
            await _time.TimerRunsAsync(TimeSpan.FromSeconds(seconds));
            if (seconds == 4) _receiver.Status = 200;
            _time.Advance(TimeSpan.FromSeconds(seconds));
        }

        await Until.TrueAsync(() => _lines.Count == 2);

        _lines[0].ShouldBe("Alert target webhook takes no messages, they are repeated: it answered 500");
        _lines[1].ShouldBe("Alert target webhook takes messages again, after 00:00:07");
        string.Join('\n', _lines).ShouldNotContain("secret");
    }

    [Fact]
    public async Task Receiver_that_cannot_be_reached_is_named_without_its_address()
    {
        await _receiver.DisposeAsync();
        var url = new Uri("http://127.0.0.1:1/hooks/secret-part-of-the-address");
        using var target = new AlertTarget(
            "slack", (message, _) => AlertRequests.ToSlack(url, message), _http, _targets, _time, this);
        target.Enqueue(MessageOf("lag"));

        await target.StartedAsync(CancellationToken.None);
        await _time.TimerRunsAsync(TimeSpan.FromSeconds(1));
        await target.StoppingAsync(CancellationToken.None);

        _lines.ShouldHaveSingleItem().ShouldBe(
            "Alert target slack takes no messages, they are repeated: it cannot be reached: ConnectionError");
        _receiver = await AlertReceiver.StartAsync();
    }

    [Fact]
    public async Task Message_of_the_day_before_is_not_sent()
    {
        _target.Enqueue(MessageOf("lag") with { At = _time.GetUtcNow().AddHours(-25) });
        _target.Enqueue(MessageOf("duplicates"));

        await _target.StartedAsync(CancellationToken.None);

        (await _receiver.CameAsync(1))[0].Finding.ShouldBe("began duplicates");
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => _lines.Add(formatter(state, exception));

    private AlertMessage MessageOf(string id)
        => new(AlertReceiver.StatusOf(id).Findings[0], HasEnded: false, _time.GetUtcNow(), "attention");
}
