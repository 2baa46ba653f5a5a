using System.Security.Cryptography;
using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Sources.Bodies;
using Gateway.EventsGateway.Sources.Templates;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Sources.Mapping;

/// <summary>Makes the canonical events of a request of one source. Compiled once; any request has a result.</summary>
internal sealed class SourceMapping(CompiledMapping map)
{
    public const string TooManyItems = "too-many-items";

    /// <summary>The templates and where they stand, such as <c>Map.Id</c>.</summary>
    public IReadOnlyList<MappingField> Fields => map.Fields;

    /// <summary>What the digest is made of, where that is a part of the request and not its bytes.</summary>
    public IEnumerable<Reference> DigestParts
        => map.Id.Template.Reads(ReferenceKinds.Digest) && map.Content is { } content ? content.References : [];

    /// <summary>How the body is read. With <c>Each</c>, one request can be several events.</summary>
    public BodyPlan Plan => map.Plan;

    /// <summary>Whether the type table has the sender's word.</summary>
    public bool KnowsType(string text) => map.Types.Find(text).IsKnown;

    /// <summary>Null where there are errors; each is one line.</summary>
    public static SourceMapping? TryCompile(MappingDefinition definition, ICollection<string> errors)
        => new MappingCompiler(definition, errors).Compile() is { } map ? new SourceMapping(map) : null;

    /// <param name="request">With the pairs and the timestamp of the signature, if the content reads them.</param>
    /// <param name="body">As it was sent.</param>
    /// <param name="received">When.</param>
    public MappedRequest Map(RequestValues request, ReadOnlyMemory<byte> body, DateTimeOffset received)
    {
        if (!map.Plan.TryRead(body, out var json, out var error)) return new MappedRequest { Unmapped = error };
        var values = new TemplateValues { Request = request, Body = body, Json = json };
        if (map.OccurredAt.Template.Reads(ReferenceKinds.Received)) values = values with { Received = IsoTime.Text(received) };
        foreach (var take in map.Take)
        {
            if (take.Field.Template.Render(values, out var missing) is not { } text)
                return new MappedRequest { Unmapped = $"{take.Field.Name}: {missing} is missing" };
            if (!take.Texts.TryFind(text, out _)) return new MappedRequest { IsSkipped = true, IsKept = take.Keep };
        }

        if (!map.Plan.HasEach) return new MappedRequest { Items = [MapItem(values, body)] };
        if (!json.HasItems) return new MappedRequest { Unmapped = "Each: the array is missing" };
        if (json.HasTooManyItems) return new MappedRequest { Unmapped = TooManyItems };
        var items = new MappedItem[json.ItemCount];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = json.IsItem(i)
                ? MapItem(values with { Item = i }, json.Slice(i))
                : new MappedItem(i, json.Slice(i), null, "Each: the array is missing");
        }

        return new MappedRequest { Items = items };
    }

    private MappedItem MapItem(TemplateValues values, ReadOnlyMemory<byte> slice)
    {
        if (map.Id.Template.Reads(ReferenceKinds.Digest)) values = values with { Digest = DigestOf(values, slice) };
        var fields = new FieldReader(values);
        var typeText = fields.Text(map.Type);
        var type = typeText is null ? default : map.Types.Find(typeText);
        if (type.IsSkipped) return new MappedItem(values.Item, slice, null, null);

        var id = fields.Id(map.Id);
        var merchant = fields.Checked(map.Merchant);
        var shipment = fields.Checked(map.Shipment);
        var occurredAt = fields.Time(map.OccurredAt, map.Times, type.Type.EndsShipment(), out var last);
        if (fields.Unmapped is not null) return new MappedItem(values.Item, slice, null, fields.Unmapped);
        return new MappedItem(values.Item, slice, new MappedEvent
        {
            EventId = id!,
            MerchantId = merchant!,
            ShipmentId = shipment!,
            Type = type.Type,
            TypeText = typeText!,
            IsTypeKnown = type.IsKnown,
            OccurredAt = occurredAt,
            EffectiveAt = last,
            Origin = JsonOf(values, map.Origin),
            Destination = JsonOf(values, map.Destination),
            Weight = JsonOf(values, map.Weight),
        }, null);
    }

    /// <summary>
    /// Of the bytes, or where the signature covers only a part of the body, of that part: what it does not cover must not make
    /// another id. Null where the content is not whole.
    /// </summary>
    private string? DigestOf(in TemplateValues values, ReadOnlyMemory<byte> slice)
    {
        if (map.Content is null) return Convert.ToHexStringLower(SHA256.HashData(slice.Span));
        using var content = new TextBuffer();
        if (!map.Content.Append(values with { Secret = ReadOnlyMemory<byte>.Empty }, content)) return null;
        if (map.Plan.HasEach) content.Append(slice.Span);
        return Convert.ToHexStringLower(SHA256.HashData(content.Written));
    }

    private static ReadOnlyMemory<byte> JsonOf(in TemplateValues values, MappingField? field)
    {
        if (field is null) return default;
        if (field.Template.Path is { } path) return values.Json!.Raw(path, values.Item);
        return field.Template.Render(values) is { } text ? JsonSerializer.SerializeToUtf8Bytes(text) : default;
    }
}
