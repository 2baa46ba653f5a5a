using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent.EndToEnd;

/// <summary>A 202 is a promise: an event that cannot be made durable is answered 503.</summary>
public sealed class BackPressureTests
{
    private readonly Webhooks _webhooks = new();
    private readonly HeldQueue _queue = new();

    [Fact]
    [Trait("Defect", "R3")]
    public async Task Full_ingest_is_answered_503_at_once_and_accepted_events_are_kept()
    {
        await using var host = GatewayHost.Start(
            _queue.AddTo, ("Webhook:Committers", "1"), ("Webhook:MaxWaiting", "1"), ("Webhook:Deadline", "00:01:00"));
        var inCommit = host.Client.PostSignedAsync(_webhooks.Next());
        await Until.TrueAsync(() => _queue.Held == 1);
        // One of the two waits for the commit, which hangs; the other exceeds the limit.
        var rivals = new[] { host.Client.PostSignedAsync(_webhooks.Next()), host.Client.PostSignedAsync(_webhooks.Next()) };
        using var turnedAway = await await Task.WhenAny(rivals);

        IsUnavailable(turnedAway);

        inCommit.IsCompleted.ShouldBeFalse();
        _queue.Release();
        (await Task.WhenAll(inCommit, rivals[0], rivals[1])).Select(answer => (int)answer.StatusCode).Order()
            .ShouldBe([202, 202, 503]);
        (await host.Client.SettledAsync()).GetProperty("accepted").GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task Too_many_waiting_bytes_are_answered_503()
    {
        await using var host = GatewayHost.Start(
            _queue.AddTo,
            ("Webhook:MaxBodyBytes", "4096"), ("Webhook:MaxWaitingBytes", "4096"), ("Webhook:Deadline", "00:01:00"));
        Webhook Big() => _webhooks.Next() with { Payload = new { text = new string('x', 2500) } };
        var inCommit = host.Client.PostSignedAsync(Big());
        await Until.TrueAsync(() => _queue.Held == 1);

        using var turnedAway = await host.Client.PostSignedAsync(Big());

        IsUnavailable(turnedAway);
        _queue.Release();
        using var kept = await inCommit;
        ((int)kept.StatusCode).ShouldBe(202);
    }

    [Fact]
    [Trait("Defect", "R2")]
    [Trait("Defect", "B1")]
    public async Task Failing_queue_is_answered_503_and_never_2xx()
    {
        await using var host = GatewayHost.Start(_queue.AddTo);
        _queue.Breaks = true;

        var answers = await Task.WhenAll(_webhooks.Take(50).Select(webhook => host.Client.PostSignedAsync(webhook)));

        foreach (var answer in answers) IsUnavailable(answer);
        (await host.Client.CountsAsync()).GetProperty("accepted").GetInt64().ShouldBe(0);
    }

    [Fact]
    [Trait("Defect", "R4")]
    public async Task Ingest_accepts_again_when_the_queue_is_back()
    {
        await using var host = GatewayHost.Start(_queue.AddTo);
        var webhook = _webhooks.Next();
        _queue.Breaks = true;
        using (var unavailable = await host.Client.PostSignedAsync(webhook)) IsUnavailable(unavailable);

        _queue.Breaks = false;
        _queue.Release();

        await host.Client.StatusAsync(await host.Client.AcceptedAsync(webhook), "processed");
    }

    [Fact]
    [Trait("Defect", "B15")]
    public async Task Hanging_queue_is_answered_503_after_the_deadline()
    {
        await using var host = GatewayHost.Start(
            _queue.AddTo, ("Webhook:Deadline", "00:00:00.200"), ("RabbitMq:PublishDeadline", "00:00:00.100"));

        var answers = await Task.WhenAll(_webhooks.Take(20).Select(webhook => host.Client.PostSignedAsync(webhook)));

        foreach (var answer in answers) IsUnavailable(answer);
        _queue.Release();
    }

    [Fact]
    public async Task Event_of_a_disconnected_client_is_committed()
    {
        await using var host = GatewayHost.Start(_queue.AddTo, ("Webhook:Deadline", "00:01:00"));
        var webhook = _webhooks.Next();
        using var leaves = new CancellationTokenSource();
        var left = host.Client.PostSignedAsync(webhook, leaves.Token);
        await Until.TrueAsync(() => _queue.Held == 1);

        await leaves.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(left);
        _queue.Release();

        await Until.TrueAsync(() => host.Client.CountsAsync(), counts => counts.GetProperty("processed").GetInt64() == 1);
        using var again = await host.Client.PostSignedAsync(webhook);
        if (GatewayHost.ReportsDuplicatesExactly) again.IsReplayed().ShouldBeTrue();
    }

    private static void IsUnavailable(HttpResponseMessage answer)
    {
        ((int)answer.StatusCode).ShouldBe(503);
        answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 3);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }
}
