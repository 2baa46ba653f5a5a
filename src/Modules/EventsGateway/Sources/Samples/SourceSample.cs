using System.Text;
using Gateway.EventsGateway.Sources.Settings;

namespace Gateway.EventsGateway.Sources.Samples;

/// <summary>A request of the sender as an example, and the events that it is.</summary>
/// <param name="Settings">Of a preset: what a user has to add for this sample.</param>
/// <param name="Headers">Those that the mapping or the signature reads; the signature may be absent.</param>
/// <param name="Body">The bytes.</param>
/// <param name="Expected">Per event its fields; none for a request that is skipped.</param>
internal sealed record SourceSample(
    SettingsNode? Settings, IReadOnlyDictionary<string, string> Headers, byte[] Body,
    IReadOnlyList<IReadOnlyDictionary<string, string>> Expected)
{
    /// <summary>The fields of an event that a sample can name.</summary>
    private static readonly string[] Fields
        = ["Id", "Merchant", "Shipment", "Type", "OccurredAt", "Origin", "Destination", "Weight"];

    public static IReadOnlyList<SourceSample> Read(SettingsReader source) => [.. source.Children("Samples").Select(ReadSample)];

    /// <summary>The samples of a preset are right only for its own mapping.</summary>
    public static IReadOnlyList<SourceSample> OwnOf(IReadOnlyList<SourceSample> samples, SettingsNode written)
    {
        if (written.Fields.ContainsKey("Samples")) return samples;
        string[] fields = ["Map", "Each", "Inner", "Take"];
        return fields.Any(written.Fields.ContainsKey) ? [] : [.. samples.Where(sample => sample.Settings is null)];
    }

    private static SourceSample ReadSample(SettingsReader sample)
    {
        var settings = sample.Has("Settings") ? sample.Child("Settings").Node : null;
        var headers = sample.Child("Headers").Node.Fields
            .ToDictionary(header => header.Key, header => header.Value.Text ?? "", StringComparer.OrdinalIgnoreCase);
        // In a JSON file a body may stand as JSON, byte for byte; in any other configuration it is a text.
        if (!sample.Has("Body")) sample.Error("Body", "is required: the body as JSON, or as a text");
        var body = sample.Node.Fields.GetValueOrDefault("Body");
        var expected = sample.Children("Expect").Select(ReadExpected).ToList();
        sample.Close();
        return new SourceSample(settings, headers, Encoding.UTF8.GetBytes(body?.Text ?? body?.Json ?? ""), expected);
    }

    private static Dictionary<string, string> ReadExpected(SettingsReader fields)
    {
        var expected = Fields.Select(field => (field, Text: fields.Text(field))).Where(one => one.Text is not null)
            .ToDictionary(one => one.field, one => one.Text!);
        fields.Close();
        return expected;
    }
}
