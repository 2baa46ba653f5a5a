using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.EventsGateway.Sources.Presets;
using Gateway.EventsGateway.Tests.Sources.Presets;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent.FromSource.EndToEnd;

/// <summary>Every sample of every preset, signed by another tool, over HTTP to its processed events.</summary>
public sealed class PresetRequestTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Samples_of_all_presets_are_processed_once()
    {
        var samples = PresetFiles.Names.SelectMany(SamplesOf).ToList();
        foreach (var sample in samples)
        {
            // One host each: the samples have one secret, which two sources of a host may not have.
            var settings = new JsonObject { [sample.Source] = SettingsOf(sample) };
            await using var host = SourceSender.Start(_folder, settings.ToJsonString());
            for (var i = 0; i < 2; i++)
            {
                using var answer = await PostAsync(host, sample);
                answer.StatusCode.ShouldBe(HttpStatusCode.OK, sample.Source);
                if (i == 1 && sample.Expected.Count == 1 && GatewayHost.ReportsDuplicatesExactly)
                    answer.IsReplayed().ShouldBeTrue(sample.Source);
            }

            var counts = await Until.TrueAsync(
                () => host.Client.CountsAsync(),
                counts => counts.GetProperty("processed").GetInt64() == sample.Expected.Count);
            (counts.GetProperty("accepted").GetInt64() - counts.GetProperty("failed").GetInt64())
                .ShouldBe(sample.Expected.Count, sample.Source);
            foreach (var expected in sample.Expected)
            {
                var found = await host.Client.EventsAsync($"&eventId={Uri.EscapeDataString(expected.Text("Id")!)}");
                found.ShouldHaveSingleItem().Text("type").ShouldBe(expected.Text("Type"), sample.Source);
            }
        }
    }

    private static IEnumerable<PresetSample> SamplesOf(string preset)
    {
        var samples = PresetFiles.Find(preset)!.Fields["Samples"].Fields;
        return samples.Select(sample => new PresetSample(
            preset, $"{preset}-{sample.Key}", sample.Value.Fields.GetValueOrDefault("Settings")?.Json ?? "{}",
            sample.Value.Fields.GetValueOrDefault("Headers")?.Fields.ToDictionary(one => one.Key, one => one.Value.Text!) ?? [],
            Encoding.UTF8.GetBytes(sample.Value.Fields["Body"].Text ?? sample.Value.Fields["Body"].Json!),
            [.. JsonDocument.Parse(sample.Value.Fields.GetValueOrDefault("Expect")?.Json ?? "[]").RootElement.EnumerateArray()]));
    }

    private static JsonObject SettingsOf(PresetSample sample)
    {
        var settings = JsonNode.Parse(sample.Settings)!.AsObject();
        settings["Preset"] = sample.Preset;
        settings["Merchant"] = "m-1";
        settings["Secrets"] = new JsonArray(
            new JsonObject { ["Id"] = "a", ["Value"] = PresetSignatures.SecretOf(sample.Preset) });
        return settings;
    }

    private static async Task<HttpResponseMessage> PostAsync(GatewayHost host, PresetSample sample)
    {
        var path = $"/v1/sources/{sample.Source}{(sample.Preset == "none" ? $"/{PresetSignatures.Secret}" : "")}";
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(sample.Body) };
        var proof = PresetSignatures.Of(sample.Preset, sample.Body, DateTimeOffset.UtcNow);
        foreach (var (name, value) in sample.Headers.Concat(proof)) request.Headers.TryAddWithoutValidation(name, value);
        return await host.Client.Http.SendAsync(request);
    }

    private sealed record PresetSample(
        string Preset, string Source, string Settings, Dictionary<string, string> Headers, byte[] Body,
        List<JsonElement> Expected);
}
