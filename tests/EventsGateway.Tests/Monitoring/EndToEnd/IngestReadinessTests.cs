using System.Net;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Queue;
using Gateway.Shared.Errors;
using Gateway.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway.Tests.Monitoring.EndToEnd;

public sealed class IngestReadinessTests
{
    [Fact]
    public async Task Backend_that_answers_its_probe_and_refuses_large_bodies_is_degraded_and_ready()
    {
        await using var host = GatewayHost.Start(
            services => services.Decorate<IEventQueue>(real => new NearlyFullQueue(real)));
        var webhooks = new Webhooks();
        var large = webhooks.Next() with { Payload = new { x = new string('x', 60_000) } };

        using var refused = await host.Client.PostSignedAsync(large);
        await host.Client.AcceptedAsync(webhooks.Next());
        // A process that has just started is not ready yet.
        using var answer = await Until.TrueAsync(
            () => host.Client.Http.GetAsync("/health/ready"), answer => answer.StatusCode == HttpStatusCode.OK);
        var ready = await host.Client.GetAsync("/health/ready");

        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        ready.Text("status").ShouldBe("degraded");
        var ingest = ready.GetProperty("checks").GetProperty("ingest");
        ingest.Text("status").ShouldBe("degraded");
        ingest.Text("detail")!.ShouldEndWith("disk: is full");
    }

    private sealed class NearlyFullQueue(IEventQueue real) : IEventQueue
    {
        public Task<IReadOnlyList<EnqueueResult>> EnqueueAsync(IReadOnlyList<AcceptedEvent> group)
            => group.Any(e => e.Body.Length > 50_000)
                ? throw new BackendUnavailableException("disk", "is full")
                : real.EnqueueAsync(group);

        public Task ProbeAsync() => real.ProbeAsync();
    }
}
