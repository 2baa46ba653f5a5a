using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Tests.Features.ReceiveEvent.FromSource.EndToEnd;
using Gateway.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway.Tests.Features.EraseEvents.EndToEnd;

/// <summary>An erasure reaches the containers of requests that could not be mapped.</summary>
public sealed class ContainerErasureTests : IDisposable
{
    private const string Sources = """
        { "fixed": {
            "Preset": "token", "Merchant": "m-1", "Secrets": [{ "Id": "a", "Value": "a-token-of-the-sender" }],
            "Verify": { "Signature": "{header.X-Token}" },
            "Map": { "Id": "$.id", "Shipment": "{$.carrier}/{$.number}", "Type": "$.state" } },
          "other": {
            "Preset": "token", "Merchant": "^.merchant", "Secrets": [{ "Id": "a", "Value": "another-token-of-16" }],
            "Verify": { "Signature": "{header.X-Token}" }, "Each": "$.items[*]",
            "Map": { "Id": "{^.batch}|{$.id}", "Shipment": "{$.carrier}/{$.number}", "Type": "$.state" } } }
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Containers_that_name_the_shipment_are_erased_and_others_stay()
    {
        await using var host = SourceSender.Start(_folder, Sources);
        await KeptAsync(host, "fixed", """{ "shipment": "S-1" }""");
        await KeptAsync(host, "fixed", """{ "shipment": "S-10" }""");

        var erased = await EraseAsync(host, new { shipmentId = "S-1" });

        (Number(erased, "erased"), Number(erased, "containers"), Number(erased, "remaining")).ShouldBe((0, 1, 0));
        (await OpenAsync(host)).ShouldHaveSingleItem().Text("body")!.ShouldContain("S-10");
        (await EraseAsync(host, new { shipmentId = "S-1" })).GetProperty("containers").GetInt32().ShouldBe(0);
        var record = (await host.Client.GetAsync("/v1/events-gateway/audit")).GetProperty("items").EnumerateArray().Last();
        record.Text("result").ShouldBe("0 events, 1 containers and 0 shipments erased, 0 events remain");
    }

    [Fact]
    public async Task Replay_beside_an_erasure_finds_no_container_once_the_events_are_erased()
    {
        var events = new ErasureSteps();
        await using var host = SourceSender.Start(
            _folder, Sources, services => services.Decorate<IEventErasure>((inner, _) => events.Around(inner)));
        await KeptAsync(host, "fixed", """{ "shipment": "S-1" }""");

        await EraseAsync(host, new { shipmentId = "S-1" });

        events.Done.ShouldBe(["containers", "events"]);
    }

    [Fact]
    public async Task Repeat_of_an_erased_request_is_answered_with_success_and_not_kept()
    {
        await using var host = SourceSender.Start(_folder, Sources);
        await KeptAsync(host, "fixed", """{ "shipment": "S-1" }""");
        await EraseAsync(host, new { shipmentId = "S-1" });

        using var repeat = await host.PostAsync("/v1/sources/fixed", """{ "shipment": "S-1" }""");

        repeat.StatusCode.ShouldBe(HttpStatusCode.OK);
        await host.Client.AcceptedAsync(new Webhooks().Next());
        (await OpenAsync(host)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Merchant_of_the_settings_is_erased_with_all_containers_of_its_source()
    {
        await using var host = SourceSender.Start(_folder, Sources);
        await KeptAsync(host, "fixed", """{ "shipment": "S-1" }""");
        await KeptAsync(host, "other", """{ "merchant": "m-2" }""", "another-token-of-16");

        (await EraseAsync(host, new { merchantId = "m-1" })).GetProperty("containers").GetInt32().ShouldBe(1);
        (await OpenAsync(host)).ShouldHaveSingleItem().Text("source").ShouldBe("other");
        (await EraseAsync(host, new { merchantId = "m-2" })).GetProperty("containers").GetInt32().ShouldBe(1);
        (await OpenAsync(host)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Shipment_that_the_mapping_joins_of_two_values_is_found_where_an_item_is_mapped()
    {
        await using var host = SourceSender.Start(_folder, Sources);
        await KeptAsync(host, "other", """
            { "merchant": "m-3", "batch": 1,
              "items": [ { "id": "1", "carrier": "c", "number": "7", "state": "x" }, { "id": "2" } ] }
            """, "another-token-of-16");

        var erased = await EraseAsync(host, new { shipmentId = "c/7" });

        (Number(erased, "erased"), Number(erased, "containers")).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Number_of_several_sources_is_erased_of_the_named_one_alone()
    {
        await using var host = SourceSender.Start(_folder, Sources);
        await KeptAsync(host, "fixed", """{ "shipment": "S-1" }""");
        await KeptAsync(host, "other", """{ "shipment": "S-1" }""", "another-token-of-16");

        var (status, problem) = await host.Client.RejectedAsync(Request("""{"shipmentId":"S-1"}"""));
        var erased = await EraseAsync(host, new { shipmentId = "S-1", shippingCompanyId = "other" });

        status.ShouldBe(400);
        problem.ToString().ShouldContain("(fixed, other)");
        Number(erased, "containers").ShouldBe(1);
        (await OpenAsync(host)).ShouldHaveSingleItem().Text("source").ShouldBe("fixed");
    }

    /// <summary>In which order an erasure removes.</summary>
    private sealed class ErasureSteps : IEventErasure
    {
        private IEventErasure _inner = null!;

        public List<string> Done { get; } = [];

        public ErasureSteps Around(IEventErasure inner)
        {
            _inner = inner;
            return this;
        }

        public Task<Erased> EraseAsync(ErasureSubject subject, int atMost)
        {
            Done.Add("events");
            return _inner.EraseAsync(subject, atMost);
        }

        public Task<int> EraseContainersAsync(IReadOnlyCollection<EventKey> containers)
        {
            Done.Add("containers");
            return _inner.EraseContainersAsync(containers);
        }

        public Task<IReadOnlyList<EventEntity>> ContainersAsync(string after, int limit, CancellationToken cancellationToken)
            => _inner.ContainersAsync(after, limit, cancellationToken);

        public Task<IReadOnlyList<string>> CouriersOfAsync(string shipmentId, CancellationToken cancellationToken)
            => _inner.CouriersOfAsync(shipmentId, cancellationToken);
    }

    private static async Task KeptAsync(GatewayHost host, string source, string body, string token = SourceSender.Token)
    {
        var before = (await OpenAsync(host)).Count;
        using var answer = await host.PostAsync($"/v1/sources/{source}", body, token);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        await Until.TrueAsync(() => OpenAsync(host), open => open.Count == before + 1);
    }

    private static async Task<List<JsonElement>> OpenAsync(GatewayHost host)
    {
        var list = await host.Client.GetAsync("/v1/events-gateway/events?outcome=unmapped");
        var open = new List<JsonElement>();
        foreach (var one in list.GetProperty("items").EnumerateArray()) open.Add(await host.Client.EventAsync(one.Text("key")!));
        return open;
    }

    private static async Task<JsonElement> EraseAsync(GatewayHost host, object subject)
    {
        using var answer = await host.Client.Http.PostAsJsonAsync("/v1/events-gateway/erasures", subject);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static HttpRequestMessage Request(string body) => new(HttpMethod.Post, "/v1/events-gateway/erasures")
    {
        Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
    };

    private static int Number(JsonElement answer, string name) => answer.GetProperty(name).GetInt32();
}
