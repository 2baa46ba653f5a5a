using System.Text;
using BenchmarkDotNet.Attributes;
using Gateway.EventsGateway.Sources.Mapping;
using Gateway.EventsGateway.Sources.Templates;
using Microsoft.AspNetCore.Http;

namespace Gateway.Benchmarks.Ingest;

/// <summary>From the body of a mapped source to its canonical events: one of 500 bytes, and 100 items.</summary>
public class MappingBenchmark
{
    private const int Items = 100;

    private static readonly DateTimeOffset Received = DateTimeOffset.UnixEpoch.AddYears(56);

    private readonly byte[] _body = Encoding.UTF8.GetBytes(
        """
        {"id":"evt_0190a0b001027304","object":"Event","mode":"production","description":"tracker.updated",
        "previous_attributes":{"status":"in_transit"},"result":{"id":"trk_0190a0b001027304","object":"Tracker",
        "tracking_code":"EZ1000000001","status":"delivered","carrier":"Demo","updated_at":"2026-02-25T14:30:00Z",
        "tracking_details":[{"status":"in_transit","datetime":"2026-02-24T10:00:00Z"},{"status":"delivered",
        "datetime":"2026-02-25T14:30:00Z"}]}}
        """);

    private readonly byte[] _batch = Encoding.UTF8.GetBytes(
        $$"""{"scope":"subscription.push","shipments":[{{string.Join(',', Enumerable.Range(0, Items).Select(Shipment))}}]}""");

    private readonly RequestValues _request
        = new(new HeaderDictionary(), new QueryCollection(), new Dictionary<string, string>());

    private readonly SourceMapping _single = Mapping(new MappingDefinition
    {
        Merchant = "m-1",
        Take = [new("$.description", ["tracker.*"])],
        Id = "$.id",
        Shipment = "$.result.tracking_code",
        Type = "$.result.status",
        Types = Delivered,
        OccurredAt = new("{$.result.updated_at ?? $.created_at}"),
    });

    private readonly SourceMapping _batched = Mapping(new MappingDefinition
    {
        Merchant = "m-1",
        Take = [new("$.scope", ["subscription.push"], Keep: true)],
        Each = "$.shipments[*]",
        Id = "{$.id}|{$.status.statusCode}|{$.status.timestamp}",
        Shipment = "$.id",
        Type = "$.status.statusCode",
        Types = Delivered,
        OccurredAt = new("$.status.timestamp"),
    });

    private static Dictionary<string, IReadOnlyList<string>> Delivered => new() { ["SHIPMENT_DELIVERED"] = ["delivered"] };

    [Benchmark]
    public object MapOne() => _single.Map(_request, _body, Received);

    /// <summary>The cost of one of the items.</summary>
    [Benchmark(OperationsPerInvoke = Items)]
    public object MapItem() => _batched.Map(_request, _batch, Received);

    private static string Shipment(int i)
        => $$"""{"id":"JD{{i:D8}}","status":{"timestamp":"2026-02-25T14:30:00Z","statusCode":"transit","text":"On its way"} }""";

    private static SourceMapping Mapping(MappingDefinition definition)
    {
        var errors = new List<string>();
        return SourceMapping.TryCompile(definition, errors) ?? throw new InvalidOperationException(string.Join('\n', errors));
    }
}
