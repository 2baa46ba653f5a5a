using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Tests.Features.ReceiveEvent.EndToEnd;
using Gateway.Shared.Hosting;
using Gateway.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent;

public sealed class EmbeddedGroupTests
{
    private readonly HeldQueue _queue = new();

    [Fact]
    public async Task Embedded_commits_all_that_waits_as_one_group()
    {
        await using var host = GatewayHost.Start(_queue.AddTo, ("Webhook:Committers", "4"), ("Webhook:Deadline", "00:01:00"));
        var events = new AcceptedEvents(TimeProvider.System, seed: 7);
        var group = host.Services.GetRequiredService<GroupCommit<AcceptedEvent, EnqueueResult>>();
        var first = group.TryCommit(events.Next())!;
        await Until.TrueAsync(() => _queue.Held == 1);

        var waiting = events.Take(3).Select(e => group.TryCommit(e)!).ToArray();
        _queue.Release();

        await Task.WhenAll([first, .. waiting]);
        _queue.GroupSizes.ShouldBe([1, 3]);
    }
}
