using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.EventsGateway.Sources;
using Gateway.EventsGateway.Sources.Presets;
using Gateway.EventsGateway.Sources.Samples;
using Gateway.EventsGateway.Sources.Templates;
using Gateway.EventsGateway.Sources.Verification;
using Microsoft.Extensions.Primitives;

namespace Gateway.EventsGateway.Tests.Sources.Presets;

/// <summary>Every preset with every sample: signed by another tool it verifies, and it is the event that the file says.</summary>
public sealed class PresetTests
{
    /// <summary>Samples of the presets in their order.</summary>
    public static TheoryData<string, int> Samples
    {
        get
        {
            var samples = new TheoryData<string, int>();
            foreach (var preset in PresetFiles.Names)
            {
                var count = PresetFiles.Find(preset)!.Fields["Samples"].Fields.Count;
                for (var index = 0; index < count; index++) samples.Add(preset, index);
            }

            return samples;
        }
    }

    [Fact]
    public void All_presets_of_the_model_ship() => PresetFiles.Names.Count.ShouldBe(24);

    [Fact]
    public void Every_preset_stands_in_the_document()
    {
        var document = SourceSetup.TestFile("../../../../docs/presets.md");

        PresetFiles.Names.Where(name => !document.Contains($"`{name}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_signed_by_an_independent_tool_verifies(string preset, int index)
    {
        var (source, sample) = Source(preset, index);

        Verify(source, preset, sample, sample.Body).SecretId.ShouldBe("a");
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_is_the_event_that_its_file_says(string preset, int index)
    {
        var (source, sample) = Source(preset, index);

        SampleCheck.DifferencesOf(source, sample, SourceSetup.Now).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_signed_sample_with_another_body_does_not_verify(string preset, int index)
    {
        var (source, sample) = Source(preset, index);
        if (source.Proof != ProofStrength.Signed) return;
        // A content of fields covers the time.
        byte[] changed = source.Verify.Content.Reads(ReferenceKinds.Body)
            ? [.. sample.Body, (byte)' ']
            : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(sample.Body).Replace("2026", "2027"));
        changed.ShouldNotBe(sample.Body, "a signed field of the sample needs a time of 2026");

        Verify(source, preset, sample, changed).IsAuthentic.ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_request_that_sources_sample_prints_verifies(string preset, int index)
    {
        var (source, sample) = Source(preset, index);
        var signed = SampleSigner.Sign(source, sample, source.Verifier!.Secrets[0], SourceSetup.Now);
        if (preset == "shipengine")
        {
            signed.ShouldBeNull();
            return;
        }

        var match = new SourceTable([source]).Find(signed!.Target)!;
        var request = SourceSetup.Request(signed.Headers.Select(header => (header.Key, (StringValues)header.Value)), match.Route);
        source.Verifier!.Verify(request, signed.Body, SourceSetup.Now).SecretId.ShouldBe("a");
    }

    private static VerifyResult Verify(Source source, string preset, SourceSample sample, byte[] body)
    {
        var headers = sample.Headers.Concat(PresetSignatures.Of(preset, sample.Body))
            .Select(header => (header.Key, (StringValues)header.Value));
        var route = new Dictionary<string, string> { ["token"] = PresetSignatures.Secret };
        return source.Verifier!.Verify(SourceSetup.Request(headers, route), body, SourceSetup.Now);
    }

    private static (Source Source, SourceSample Sample) Source(string preset, int index)
    {
        var settings = PresetFiles.Find(preset)!.Fields["Samples"].Fields[$"{index}"].Fields.GetValueOrDefault("Settings")?.Json;
        var written = JsonNode.Parse(settings ?? "{}")!.AsObject();
        written["Preset"] = preset;
        written["Merchant"] = "m-1";
        written["Secrets"] = JsonNode.Parse(
            $$"""[{ "Id": "a", "Value": {{JsonSerializer.Serialize(PresetSignatures.SecretOf(preset))}} }]""");
        var loaded = SourceSetup.Load($$"""{ "test": {{written.ToJsonString()}} }""");
        loaded.Errors.ShouldBeEmpty();
        var source = loaded.Table!.All[0];
        return (source, source.Samples[index]);
    }
}
