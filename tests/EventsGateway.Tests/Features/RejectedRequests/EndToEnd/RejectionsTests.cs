using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Monitoring;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway.Tests.Features.RejectedRequests.EndToEnd;

public sealed class RejectionsTests
{
    private const string Rejections = GatewayClient.BasePath + "/rejections";

    [Fact]
    public async Task Rejected_requests_are_listed_newest_first_with_all_fields()
    {
        await using var host = GatewayHost.Start();
        var rejections = host.Services.GetRequiredService<RejectedRequestLog>();
        rejections.Add(Rejected("first"));
        rejections.Add(Rejected("second") with
        {
            Host = "ingest-1", Hint = "add it", Fields = new Dictionary<string, string[]> { ["type"] = ["must be one"] },
            RemoteAddress = "203.0.113.9", HeaderNames = ["host"], ContentType = "text/plain", BodyBytes = 7, BodySha256 = "ab",
            ShippingCompanyId = "dhl", EventId = "1",
        });

        var items = (await host.Client.GetAsync(Rejections)).GetProperty("items").EnumerateArray().ToList();

        items.Select(item => item.Text("message")).ShouldBe(["second", "first"]);
        items[0].GetRawText().ShouldBe(
            """{"at":"2026-03-04T05:06:07.089Z","requestId":"r-1","source":null,"host":"ingest-1" """.Trim()
            + ""","status":400,"reason":"invalid_field" """.Trim()
            + ""","message":"second","hint":"add it","fields":{"type":["must be one"]},"remoteAddress":"203.0.113.9" """.Trim()
            + ""","headerNames":["host"],"contentType":"text/plain","bodyBytes":7,"bodySha256":"ab" """.Trim()
            + ""","shippingCompanyId":"dhl","eventId":"1"}""");
        items[1].GetProperty("hint").ValueKind.ShouldBe(JsonValueKind.Null);
        (await host.Client.GetAsync($"{Rejections}?limit=1")).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("201")]
    [InlineData("all")]
    public async Task Invalid_limit_is_answered_400_by_name(string limit)
    {
        await using var host = GatewayHost.Start();

        var (status, problem) = await host.Client.RejectedAsync(new(HttpMethod.Get, $"{Rejections}?limit={limit}"));

        status.ShouldBe(400);
        problem.FieldsWithErrors().ShouldBe(["limit"]);
    }

    [Fact]
    public async Task All_rejected_requests_are_counted_by_hour_source_and_reason_also_after_a_restart()
    {
        await using var first = GatewayHost.Start();
        for (var i = 0; i < 30; i++)
            using (await first.Client.Http.PostAsync(GatewayClient.BasePath, new StringContent("{}"))) { }

        await ShouldCountAsync(first);
        await first.StopAsync();
        await using var second = first.StartAgain();
        await ShouldCountAsync(second);

        static async Task ShouldCountAsync(GatewayHost host)
        {
            // A test may run at the end of an hour.
            var counts = (await host.Client.GetAsync(Rejections)).GetProperty("counts").EnumerateArray().ToList();
            counts.Sum(one => one.GetProperty("count").GetInt64()).ShouldBe(30);
            counts.ShouldAllBe(one => one.Text("source") == "gateway" && one.Text("hour")!.EndsWith(":00:00.000Z"));
            counts.Select(one => one.Text("reason")).Distinct().ShouldHaveSingleItem();
        }
    }

    private static RejectedRequest Rejected(string message) => new()
    {
        At = "2026-03-04T05:06:07.089Z", RequestId = "r-1", Status = 400, Reason = RejectionReason.InvalidField,
        Message = message,
    };
}
