using System.Text;
using Gateway.EventsGateway.Sources.Mapping;
using Gateway.EventsGateway.Sources.Templates;
using Gateway.Shared.Time;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Tests.Sources.Mapping;

/// <summary>Five very different senders, and how a test reads what they are mapped to.</summary>
internal static class SampleMappings
{
    public const string Received = "2026-02-25T15:00:00.000Z";

    public static MappingDefinition Easypost { get; } = new()
    {
        Merchant = "m-1",
        Take = [new("$.description", ["tracker.*"])],
        Id = "{$.id}",
        Shipment = "$.result.tracking_code",
        Type = "$.result.status",
        Types = Types(("SHIPMENT_CREATED", ["pre_transit", "unknown"]), ("SHIPMENT_DELIVERED", ["delivered"])),
        OccurredAt = new("{$.result.updated_at ?? $.created_at}"),
    };

    public static MappingDefinition Ups { get; } = new()
    {
        Merchant = "m-1",
        Id = "{$.trackingNumber}|{$.activityStatus.type}|{$.activityStatus.code?}|{$.gmtActivityDate}{$.gmtActivityTime}",
        Shipment = "$.trackingNumber",
        Type = "{$.activityStatus.type}/{$.activityStatus.code?}",
        Types = Types(("SHIPMENT_CREATED", ["M/*"]), ("SHIPMENT_DELIVERED", ["D/FS"]), ("SHIPMENT_CANCELLED", ["MV/*"])),
        OccurredAt = new("{$.gmtActivityDate}{$.gmtActivityTime}", "yyyyMMddHHmmss"),
    };

    public static MappingDefinition Dhl { get; } = new()
    {
        Merchant = "m-1",
        Take = [new("$.scope", ["subscription.push"], Keep: true)],
        Each = "$.shipments[*]",
        Id = "{$.id}|{$.status.statusCode}|{$.status.timestamp}",
        Shipment = "$.id",
        Type = "$.status.statusCode",
        Types = Types(("SHIPMENT_CREATED", ["pre-transit"]), ("SHIPMENT_DELIVERED", ["delivered"])),
        OccurredAt = new("$.status.timestamp"),
    };

    public static MappingDefinition Usps { get; } = new()
    {
        Merchant = "m-1",
        Inner = "$.payload",
        Content = "{$.timestamp}{$.payload}",
        Shipment = "$$.trackingNumber",
        Type = "$$.status",
        Types = Types(("SHIPMENT_CREATED", ["Pre-Shipment"]), ("SHIPMENT_DELIVERED", ["Delivered"])),
        OccurredAt = new("$.timestamp"),
    };

    public static MappingDefinition Onfleet { get; } = new()
    {
        Merchant = "m-1",
        Id = "{$.taskId}|{$.triggerId}|{$.time}",
        Shipment = "$.taskId",
        Type = "$.triggerId",
        Types = Types(("SHIPMENT_CREATED", ["6"]), ("SHIPMENT_DELIVERED", ["3"]), ("skip", ["5"])),
        OccurredAt = new("$.time"),
    };

    public static MappedRequest Map(this SourceMapping mapping, string body)
        => mapping.Map(NoValues(), Encoding.UTF8.GetBytes(body), IsoTime.Parse(Received)!.Value);

    /// <summary>Id, merchant, shipment, type (with a question mark if the table does not have it), times; or why not.</summary>
    public static string Single(this SourceMapping mapping, string body)
    {
        var request = mapping.Map(body);
        request.Unmapped.ShouldBeNull();
        return Text(request.Items.Single());
    }

    public static string Text(MappedItem item)
    {
        if (item.Event is not { } e) return item.Unmapped ?? "skipped";
        var last = e.EffectiveAt is { } at ? $" last {IsoTime.Text(at)}" : "";
        var type = e.IsTypeKnown ? $"{e.Type}" : $"{e.Type}?";
        return $"{e.EventId} {e.MerchantId} {e.ShipmentId} {type} {IsoTime.Text(e.OccurredAt)}{last}";
    }

    public static RequestValues NoValues()
        => new(new HeaderDictionary(), new QueryCollection(), new Dictionary<string, string>());

    private static Dictionary<string, IReadOnlyList<string>> Types(params (string Type, string[] Texts)[] types)
        => types.ToDictionary(type => type.Type, type => (IReadOnlyList<string>)type.Texts);
}
