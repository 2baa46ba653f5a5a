using System.Text;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Sources.Mapping;
using Gateway.EventsGateway.Sources.Templates;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Sources.Samples;

/// <summary>Compares the events that a sample is with the events that it should be.</summary>
internal static class SampleCheck
{
    public static IEnumerable<string> DifferencesOf(Source source, SourceSample sample, DateTimeOffset now)
    {
        var route = source.Path.Names.ToDictionary(name => name, name => name);
        var mapped = source.Mapping.Map(RequestValues.Of(sample.Headers, route), sample.Body, now);
        if (mapped.Unmapped is { } reason) return [$"cannot be mapped: {reason}"];
        var unmapped = mapped.Items.Where(item => item.Unmapped is not null)
            .Select(item => $"item {item.Index} cannot be mapped: {item.Unmapped}").ToList();
        if (unmapped.Count > 0) return unmapped;
        var events = mapped.Items.Select(item => item.Event).OfType<MappedEvent>().ToList();
        if (events.Count != sample.Expected.Count) return [$"is {events.Count} events, expected are {sample.Expected.Count}"];
        return events.Zip(sample.Expected).SelectMany(pair => DifferencesOf(pair.First, pair.Second));
    }

    private static IEnumerable<string> DifferencesOf(MappedEvent e, IReadOnlyDictionary<string, string> expected)
        => from field in expected
           let value = ValueOf(e, field.Key)
           where value != field.Value
           select $"{field.Key} is '{value}', expected is '{field.Value}'";

    private static string ValueOf(MappedEvent e, string field) => field switch
    {
        "Id" => e.EventId,
        "Merchant" => e.MerchantId,
        "Shipment" => e.ShipmentId,
        "Type" => e.Type.Text(),
        "OccurredAt" => IsoTime.Text(e.OccurredAt),
        "Origin" => Encoding.UTF8.GetString(e.Origin.Span),
        "Destination" => Encoding.UTF8.GetString(e.Destination.Span),
        "Weight" => Encoding.UTF8.GetString(e.Weight.Span),
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, null),
    };
}
