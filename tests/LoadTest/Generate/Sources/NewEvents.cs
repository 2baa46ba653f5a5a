using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.EventsGateway.Sources;
using Gateway.EventsGateway.Sources.Mapping;
using Gateway.EventsGateway.Sources.Samples;
using Gateway.EventsGateway.Sources.Templates;
using Gateway.LoadTest.Measure.Accounting;
using Microsoft.Extensions.Primitives;

namespace Gateway.LoadTest.Generate.Sources;

/// <summary>
/// Makes requests of new events from a sample: what its mapping reads as shipment, and as id where that is another part, becomes
/// a text of its own per event. An id that is a digest changes with the shipment.
/// </summary>
internal sealed class NewEvents(Source source, SourceSample sample, SourceIds ids, int count)
{
    private readonly Template _shipment = TemplateOf(source, "Map.Shipment");
    private readonly Template _id = TemplateOf(source, "Map.Id");

    public Source Source => source;

    public int Count => count;

    /// <param name="first">The number of its first event.</param>
    public SourceSample Of(long first)
    {
        var headers = new Dictionary<string, string>(sample.Headers, StringComparer.OrdinalIgnoreCase);
        var body = JsonNode.Parse(sample.Body)!;
        foreach (var (index, item) in EventNodes.Of(body, source.Mapping.Plan.Each, count).Index())
        {
            var text = ids.TextOf(first + index);
            foreach (var part in _shipment.References) Set(part, item, text, headers);
            if (!IdHasShipment()) _ = _id.References.Any(part => Set(part, item, text, headers));
        }

        return sample with { Headers = headers, Body = Encoding.UTF8.GetBytes(EventNodes.Written(body)) };
    }

    /// <summary>Whether two requests are mapped to events, each with the id and the shipment of its own number.</summary>
    public bool AreNew()
    {
        try
        {
            var events = MappedOf(0).Concat(MappedOf(count)).ToList();
            return events.Index().All(one => IsOwn(one.Item, one.Index))
                && events.DistinctBy(e => e!.EventId).Count() == 2 * count;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private bool IsOwn(MappedEvent? e, int expected)
        => e is not null && ids.TryNumberIn(e.ShipmentId, out var number) && number == expected;

    private IEnumerable<MappedEvent?> MappedOf(long first)
    {
        var made = Of(first);
        var headers = new HeaderDictionary(made.Headers.ToDictionary(one => one.Key, one => new StringValues(one.Value)));
        var route = source.Path.Names.ToDictionary(name => name, name => name);
        var request = new RequestValues(headers, new QueryCollection(), route);
        return source.Mapping.Map(request, made.Body, DateTimeOffset.UtcNow).Items.Select(item => item.Event);
    }

    private bool IdHasShipment()
        => _id.Reads(ReferenceKinds.Digest)
           || _id.References.Any(part => _shipment.References.Any(other => other.ToString() == part.ToString()));

    /// <summary>False where the request has no such part.</summary>
    private bool Set(Reference part, EventNodes nodes, string text, Dictionary<string, string> headers)
    {
        if (part.Kind == ReferenceKinds.Header) headers[part.Name] = text;
        return part.Path is { } path ? nodes.Set(path, text, source.Mapping.Plan.Inner) : part.Kind == ReferenceKinds.Header;
    }

    private static Template TemplateOf(Source source, string field)
        => source.Mapping.Fields.First(one => one.Name == field).Template;
}
