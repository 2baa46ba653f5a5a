using System.Text;
using Gateway.EventsGateway.Sources;
using Gateway.EventsGateway.Sources.Samples;

namespace Gateway.EventsGateway.Tests.Sources;

public sealed class SampleSignerTests
{
    [Theory]
    [InlineData("hex", "unix", "1", "1772029800")]
    [InlineData("base64", "unix", "\"1\"", "\"1772029800\"")]
    [InlineData("base64", "iso", "\"-\"", "\"2026-02-25T14:30:00.000Z\"")]
    public void A_proof_in_the_body_is_written_into_it_with_its_timestamp(
        string encoding, string format, string sample, string timestamp)
    {
        var source = Source(encoding, format, $$"""{"verify":{"at":{{sample}},"proof":""},"s":"1","t":"x"}""");

        var signed = Sign(source).ShouldNotBeNull();

        Encoding.UTF8.GetString(signed.Body).ShouldBe(
            $$"""{"verify":{"at":{{timestamp}},"proof":"{{signed.Proof.Text}}"},"s":"1","t":"x"}""");
        source.Verifier!.Verify(SourceSetup.Request(), signed.Body, SourceSetup.Now).SecretId.ShouldBe("a");
    }

    [Theory]
    [InlineData("""{"verify": {"at": 1}, "s": "1", "t": "x"}""")]
    [InlineData("""{"verify": {"proof": ""}, "s": "1", "t": "x"}""")]
    public void A_sample_without_the_field_of_its_proof_or_timestamp_is_not_signed(string body)
        => Sign(Source("hex", "unix", body)).ShouldBeNull();

    [Fact]
    public void A_token_in_the_body_is_written_into_it()
    {
        var source = SourceSetup.Source("""
            { "Verify": { "Scheme": "token", "Signature": "$.key" },
              "Samples": [{ "Body": {"key":"?","shipment":"1","type":"x"} }] }
            """);

        Encoding.UTF8.GetString(Sign(source)!.Body).ShouldBe($$"""{"key":"{{SourceSetup.Secret}}","shipment":"1","type":"x"}""");
    }

    private static SignedSample? Sign(Source source)
        => SampleSigner.Sign(source, source.Samples[0], source.Verifier!.Secrets[0], SourceSetup.Now);

    private static Source Source(string encoding, string format, string body) => SourceSetup.Source($$"""
        { "Verify": { "Signature": "$.verify.proof", "Encoding": "{{encoding}}", "Content": "{timestamp}.{$.s}{$.t}",
                      "Timestamp": { "From": "$.verify.at", "Format": "{{format}}", "Stale": "reject" } },
          "Map": { "Shipment": "$.s", "Type": "$.t" }, "Samples": [{ "Body": {{body}} }] }
        """);
}
