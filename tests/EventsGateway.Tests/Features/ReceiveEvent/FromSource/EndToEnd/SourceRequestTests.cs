using System.Net;
using System.Security.Cryptography;
using System.Text;
using Gateway.EventsGateway.Monitoring;
using Gateway.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent.FromSource.EndToEnd;

public sealed class SourceRequestTests : IDisposable
{
    private const string Target = "/v1/sources/courier";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Items_of_a_batch_are_events_of_their_source()
    {
        await using var host = SourceSender.Start(_folder, SourceSender.Settings);

        using var answer = await host.PostAsync(Target, """
            { "items": [ { "id": "1", "shipment": "s-1", "state": "picked", "weight": 1.50 },
                         { "id": "2", "shipment": "s-1", "state": "noise" },
                         { "id": "3", "shipment": "s-1", "state": "DONE" } ] }
            """);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"status":"accepted"}""");
        answer.Headers.Location.ShouldBeNull();
        var updated = await host.Client.StatusAsync("courier.1", "processed");
        (updated.Text("type"), updated.Text("source"), updated.Text("merchantId"))
            .ShouldBe(("SHIPMENT_UPDATED", "courier", "m-1"));
        updated.Text("body").ShouldBe("""{ "id": "1", "shipment": "s-1", "state": "picked", "weight": 1.50 }""");
        updated.GetProperty("itemIndex").GetInt32().ShouldBe(0);
        (await host.Client.StatusAsync("courier.3", "processed")).Text("type").ShouldBe("SHIPMENT_DELIVERED");
        (await host.Client.CountsAsync()).GetProperty("accepted").GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task Repeated_request_adds_nothing()
    {
        await using var host = SourceSender.Start(_folder, SourceSender.Settings);
        const string body = """{ "items": [ { "id": "1", "shipment": "s", "state": "x" }, { "id": "2" } ] }""";

        for (var i = 0; i < 3; i++)
        {
            using var answer = await host.PostAsync(Target, body);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        await host.Client.StatusAsync("courier.1", "processed");
        var counts = await Until.TrueAsync(
            () => host.Client.CountsAsync(), counts => counts.GetProperty("failed").GetInt64() == 1);
        counts.GetProperty("accepted").GetInt64().ShouldBe(2);
    }

    [Theory]
    [InlineData("no JSON at all")]
    [InlineData("""{ "other": [] }""")]
    [InlineData("""{ "items": [ { "shipment": "s", "state": "x" } ] }""")]
    [InlineData("")]
    public async Task Authentic_request_that_cannot_be_mapped_is_kept_and_answered_with_success(string body)
    {
        await using var host = SourceSender.Start(_folder, SourceSender.Settings);

        using var answer = await host.PostAsync(Target, body);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        var container = await host.Client.StatusAsync($"_7eunmapped.courier_3a{hash}", "failed");
        (container.Text("outcome"), container.Text("source"), container.Text("body")).ShouldBe(("unmapped", "courier", body));
        container.Text("lastError").ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Request_that_cannot_be_mapped_has_to_wait_while_too_many_are_open()
    {
        await using var host = SourceSender.Start(_folder, SourceSender.Settings);
        var activity = host.Services.GetRequiredService<SourceLedger>().Of("courier");
        using var first = await host.PostAsync(Target, "not JSON");
        first.StatusCode.ShouldBe(HttpStatusCode.OK);

        // The monitor corrects this number within its interval.
        using var unmapped = await Until.TrueAsync(
            () =>
            {
                activity.HasContainers(SourceActivity.MaxContainers, 1);
                return host.PostAsync(Target, "not JSON either");
            },
            answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable);
        var health = await host.Services.GetRequiredService<IngestHealthCheck>().CheckHealthAsync(new HealthCheckContext());
        using var mapped = await host.PostAsync(Target, """{ "items": [] }""");

        unmapped.Headers.RetryAfter.ShouldNotBeNull();
        health.Status.ShouldBe(HealthStatus.Healthy, "other sources are accepted");
        mapped.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("another token", 401)]
    [InlineData(SourceSender.Token, 200)]
    public async Task Request_needs_the_proof_of_its_source(string? token, int status)
    {
        await using var host = SourceSender.Start(_folder, SourceSender.Settings);

        using var answer = await host.PostAsync(Target, """{ "items": [] }""", token);

        ((int)answer.StatusCode).ShouldBe(status);
        (await host.Client.CountsAsync()).GetProperty("accepted").GetInt64().ShouldBe(0);
    }

    [Theory]
    [InlineData("/V1/Sources/COURIER/", 200)]
    [InlineData("/v1/sources/cour%69er", 200)]
    [InlineData("/v1/sources/courier?x=1", 200)]
    [InlineData("/v1/sources/courier/more", 404)]
    [InlineData("/v1/sources%2Fcourier", 404)]
    [InlineData("/v1/sources/other", 404)]
    public async Task Path_of_a_source_is_matched_in_every_spelling_of_it(string target, int status)
    {
        await using var host = SourceSender.Start(_folder, SourceSender.Settings);

        using var answer = await host.PostAsync(target, """{ "items": [] }""");

        ((int)answer.StatusCode).ShouldBe(status);
    }

    [Fact]
    public async Task Body_beyond_the_limit_of_its_source_is_413()
    {
        await using var host = SourceSender.Start(
            _folder, SourceSender.Settings.Replace("\"Each\"", "\"MaxBodyBytes\": 1000, \"Each\""));

        using var fitting = await host.PostAsync(Target, """{ "items": [] }""".PadRight(1000));
        using var tooLarge = await host.PostAsync(Target, """{ "items": [] }""".PadRight(1001));

        ((int)fitting.StatusCode, (int)tooLarge.StatusCode).ShouldBe((200, 413));
    }

    [Fact]
    public async Task Other_methods_are_405_and_name_the_right_one()
    {
        await using var host = SourceSender.Start(_folder, SourceSender.Settings);

        using var answer = await host.Client.Http.GetAsync(Target);

        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        answer.Content.Headers.Allow.ShouldBe(["POST"]);
    }

    [Fact]
    public async Task Compressed_body_is_415()
    {
        await using var host = SourceSender.Start(_folder, SourceSender.Settings);
        using var request = new HttpRequestMessage(HttpMethod.Post, Target) { Content = new ByteArrayContent([1, 2, 3]) };
        request.Headers.Add("X-Token", SourceSender.Token);
        request.Content.Headers.ContentEncoding.Add("gzip");

        var (status, problem) = await host.Client.RejectedAsync(request);

        status.ShouldBe(415);
        problem.Text("detail")!.ShouldContain("compressed");
    }

    [Theory]
    [InlineData("courier")]
    [InlineData("COURIER")]
    [InlineData("~unmapped")]
    public async Task Built_in_source_cannot_claim_the_name_of_another(string company)
    {
        await using var host = SourceSender.Start(_folder, SourceSender.Settings);

        var (status, problem) = await host.Client.RejectedAsync(
            host.Client.SignedRequest((new Webhooks().Next() with { ShippingCompanyId = company }).ToBytes()));

        status.ShouldBe(400);
        problem.FieldsWithErrors().ShouldBe(["shippingCompanyId"]);
    }
}
