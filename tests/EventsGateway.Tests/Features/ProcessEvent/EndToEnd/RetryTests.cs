using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Tests.Features.ProcessEvent.EndToEnd;

public sealed class RetryTests
{
    [Theory]
    [Trait("Defect", "B17")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Event_that_is_refused_is_retried_as_often_as_configured(int retries)
    {
        await using var gateway = await RoutedGateway.StartAsync(("Processing:MaxRetries", $"{retries}"));
        gateway.Routing.Answer = (_, _) => Results.StatusCode(422);

        var key = (await gateway.AcceptedAsync(1)).Single();
        var failed = await gateway.Client.StatusAsync(key, "failed");

        gateway.Routing.CallsOf(key).Count().ShouldBe(1 + retries);
        gateway.Routing.Calls.ShouldAllBe(call => call.IdempotencyKey == key);
        failed.Text("outcome").ShouldBe("rejected-by-router");
        failed.Text("lastError").ShouldBe("routing service answered 422");
        failed.Text("dueAt").ShouldBeNull();
        failed.History().ShouldBe(Enumerable.Range(1, 1 + retries).Select(number => (1, number, "permanent-status")));
    }

    [Theory]
    [InlineData(302)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(408)]
    [InlineData(425)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Transient_status_is_retried(int status)
    {
        await using var gateway = await RoutedGateway.StartAsync();
        gateway.Routing.Answer = (call, calls) => calls == 1 ? Results.StatusCode(status) : FakeRoutingService.Routed(call);

        var processed = await gateway.Client.StatusAsync((await gateway.AcceptedAsync(1)).Single(), "processed");

        processed.History().ShouldBe([(1, 1, "transient-status"), (1, 2, "routed")]);
        processed.Text("lastError").ShouldBeNull();
    }

    [Theory]
    [Trait("Defect", "B30")]
    [InlineData(400)]
    [InlineData(409)]
    [InlineData(422)]
    public async Task Answer_about_the_event_is_final_at_once_after_another_was_routed(int status)
    {
        await using var gateway = await RoutedGateway.StartAsync();
        await gateway.Client.StatusAsync((await gateway.AcceptedAsync(1)).Single(), "processed");
        gateway.Routing.Answer = (_, _) => Results.StatusCode(status);

        var failed = await gateway.Client.StatusAsync((await gateway.AcceptedAsync(1)).Single(), "failed");

        failed.Text("outcome").ShouldBe("rejected-by-router");
        failed.Text("lastError").ShouldBe($"routing service answered {status}");
        failed.History().ShouldBe([(1, 1, "permanent-status")]);
        gateway.Routing.Calls.Count.ShouldBe(2);
    }

    [Theory]
    [Trait("Defect", "B7")]
    [InlineData("""{"routed":false}""", "not-routed")]
    [InlineData("""{"routed":0,"routeId":"R1"}""", "not-routed")]
    [InlineData("{}", "not-routed")]
    [InlineData("[]", "unreadable")]
    [InlineData("<html>", "unreadable")]
    [InlineData("", "unreadable")]
    public async Task Response_200_that_does_not_route_is_retried(string answer, string result)
    {
        await using var gateway = await RoutedGateway.StartAsync();
        gateway.Routing.Answer = (call, calls) => calls == 1 ? Results.Text(answer) : FakeRoutingService.Routed(call);

        var processed = await gateway.Client.StatusAsync((await gateway.AcceptedAsync(1)).Single(), "processed");

        processed.History().ShouldBe([(1, 1, result), (1, 2, "routed")]);
    }

    [Fact]
    public async Task Timeout_is_counted_and_retried()
    {
        var never = new TaskCompletionSource();
        await using var gateway = await RoutedGateway.StartAsync(("Routing:Timeout", "00:00:02"));
        gateway.Routing.Answer = (call, calls) => calls == 1
            ? FakeRoutingService.HeldBack(never.Task, Results.Ok())
            : FakeRoutingService.Routed(call);

        var processed = await gateway.Client.StatusAsync((await gateway.AcceptedAsync(1)).Single(), "processed");

        processed.History().ShouldBe([(1, 1, "timed-out"), (1, 2, "routed")]);
    }

    [Theory]
    [Trait("Defect", "B30")]
    [InlineData("120", 120)]
    [InlineData("86400", 3600)]
    public async Task Longer_retry_after_wins_up_to_an_hour(string retryAfter, int seconds)
    {
        await using var gateway = await RoutedGateway.StartAsync();
        gateway.Routing.Answer = (_, _) => new Busy(retryAfter);

        var key = (await gateway.AcceptedAsync(1)).Single();
        var waiting = await Until.TrueAsync(
            () => gateway.Client.EventAsync(key), e => e.GetProperty("attempts").GetArrayLength() == 1);

        waiting.Text("status").ShouldBe("pending");
        var called = gateway.Routing.Calls.Single().At;
        // Due times go by the store's clock, and its offset is known to half a round trip.
        DateTimeOffset.Parse(waiting.Text("dueAt")!).ShouldBeGreaterThanOrEqualTo(called.AddSeconds(seconds - 1));
        waiting.Text("lastError").ShouldBe("routing service answered 429");
    }

    [Fact]
    public async Task Every_retry_has_the_same_key_and_body()
    {
        await using var gateway = await RoutedGateway.StartAsync(("Processing:MaxRetries", "5"));
        gateway.Routing.Answer = (call, calls) => calls <= 5 ? Results.StatusCode(503) : FakeRoutingService.Routed(call);

        var key = (await gateway.AcceptedAsync(1)).Single();
        await gateway.Client.StatusAsync(key, "processed");

        gateway.Routing.Calls.Select(call => call.IdempotencyKey).ShouldBe(Enumerable.Repeat(key, 6));
        gateway.Routing.Calls.Select(call => call.Body.GetRawText()).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    [Trait("Defect", "S6")]
    public async Task Routing_service_gets_the_original_members_digit_by_digit()
    {
        await using var gateway = await RoutedGateway.StartAsync();
        var webhook = new Webhook
        {
            EventId = "e", MerchantId = "m", ShippingCompanyId = "c", ShipmentId = "s",
            Payload = new { origin = new { city = "Cairo" }, weight = 12345678901234567890m, other = "not for routing" },
        };

        await gateway.Client.StatusAsync(await gateway.Client.AcceptedAsync(webhook), "processed");

        gateway.Routing.Calls.Single().Body.GetRawText().ShouldBe(
            """
            {"eventId":"e","shipmentId":"s","merchantId":"m","shippingCompanyId":"c",
            "origin":{"city":"Cairo"},"weight":12345678901234567890,"eventType":"SHIPMENT_UPDATED"}
            """.ReplaceLineEndings(""));
    }

    private sealed class Busy(string retryAfter) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = 429;
            httpContext.Response.Headers.RetryAfter = retryAfter;
            return Task.CompletedTask;
        }
    }
}
