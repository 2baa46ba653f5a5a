using System.Diagnostics;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Tests.Features.ProcessEvent.EndToEnd;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Tests.Monitoring.EndToEnd;

/// <summary>One trace per event, from the sender to the routing service, with and without a queue in between.</summary>
public sealed class TraceTests
{
    private const string Gateway = "Gateway.EventsGateway";

    [Fact]
    public async Task One_trace_connects_the_webhook_with_its_failed_and_its_routed_attempt()
    {
        using var spans = new Spans();
        await using var gateway = await RoutedGateway.StartAsync();
        gateway.Routing.Answer = (call, calls) => calls == 1 ? Results.StatusCode(503) : FakeRoutingService.Routed(call);

        var key = await PostAsync(gateway, spans);
        var stored = await gateway.Client.StatusAsync(key, "processed");
        await Until.TrueAsync(() => spans.Of(Gateway, ActivityKind.Consumer).Count == 2);

        var server = spans.Of("Microsoft.AspNetCore", ActivityKind.Server).Single(span => span.ParentSpanId == spans.Sender);
        var publish = spans.Of(Gateway, ActivityKind.Producer).ShouldHaveSingleItem();
        publish.ParentSpanId.ShouldBe(server.SpanId);
        publish.GetTagItem("messaging.operation.type").ShouldBe("send");
        publish.GetTagItem("messaging.system").ShouldBe(GatewayHost.ReportsDuplicatesExactly ? "sqlite" : "rabbitmq");
        publish.GetTagItem("messaging.destination.name").ShouldNotBeNull();
        Guid.TryParse((string?)publish.GetTagItem("messaging.message.id"), out _).ShouldBeTrue();
        stored.Text("traceparent").ShouldBe($"00-{spans.Trace}-{publish.SpanId}-01");

        var attempts = spans.Of(Gateway, ActivityKind.Consumer);
        attempts.ShouldAllBe(attempt => attempt.ParentSpanId == publish.SpanId && attempt.HasRemoteParent);
        attempts.ShouldAllBe(attempt => (string?)attempt.GetTagItem("gateway.event.key") == key);
        attempts.Select(attempt => attempt.GetTagItem("gateway.attempt.number")).ShouldBe([1, 2]);
        attempts.Select(attempt => attempt.GetTagItem("gateway.attempt.result")).ShouldBe(["transient-status", "routed"]);
        attempts.Select(attempt => attempt.Status).ShouldBe([ActivityStatusCode.Error, ActivityStatusCode.Unset]);
        attempts[0].StatusDescription.ShouldBe("routing service answered 503");

        var calls = spans.Of("System.Net.Http", ActivityKind.Client);
        calls.Select(call => call.ParentSpanId).ShouldBe(attempts.Select(attempt => attempt.SpanId));
        gateway.Routing.CallsOf(key).Select(call => call.Traceparent).ShouldBe(calls.Select(call => call.Id));
    }

    [Fact]
    public async Task Span_that_stores_a_group_links_to_the_traces_of_its_events()
    {
        if (GatewayHost.ReportsDuplicatesExactly)
            Assert.Skip("In the Embedded profile ingest writes to the store: there is no queue.");
        using var spans = new Spans();
        await using var gateway = await RoutedGateway.StartAsync();

        await gateway.Client.StatusAsync(await PostAsync(gateway, spans), "processed");

        var publish = spans.Of(Gateway, ActivityKind.Producer).ShouldHaveSingleItem();
        await Until.TrueAsync(() => spans.LinkedTo(publish.SpanId).Count > 0);
        var receive = spans.LinkedTo(publish.SpanId)[0];
        receive.DisplayName.ShouldStartWith("receive ");
        receive.TraceId.ShouldNotBe(spans.Trace);
        receive.GetTagItem("messaging.batch.message_count").ShouldBe(1);
    }

    private static async Task<string> PostAsync(RoutedGateway gateway, Spans spans)
    {
        using var request = gateway.Client.SignedRequest(gateway.Webhooks.Next().ToBytes());
        request.Headers.Add("traceparent", spans.Traceparent);
        using var answer = await gateway.Client.Http.SendAsync(request);
        return await answer.AcceptedKeyAsync();
    }
}
