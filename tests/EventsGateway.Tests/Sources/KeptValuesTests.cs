using System.Text;
using Gateway.EventsGateway.Sources;
using Gateway.EventsGateway.Sources.Templates;

namespace Gateway.EventsGateway.Tests.Sources;

public sealed class KeptValuesTests
{
    private const string Body = """{"shipment":"s-1","type":"done"}""";

    [Theory]
    [InlineData("pairs", "{pair.t}.{header.X-Id}.{$.shipment}.{$.type}", "{pair.t}")]
    [InlineData("pairs", "{timestamp}.{header.X-Id}.{$.shipment}.{$.type}", "{pair.t}")]
    [InlineData("plain", "{timestamp}.{header.X-Id}.{$.shipment}.{$.type}", "{header.X-Time}")]
    public void Digest_of_signed_parts_is_the_same_when_the_request_is_mapped_again(string parse, string content, string from)
    {
        var source = SourceSetup.Source($$"""
            { "Verify": { "Signature": "{header.X-Sig}", "Parse": "{{parse}}", "Content": "{{content}}",
                          "Timestamp": { "From": "{{from}}" } } }
            """);
        var request = SourceSetup.Request(
            ("X-Sig", "t=1772029800,v1=00"), ("X-Id", "7"), ("X-Time", "1772029800"), ("X-Other", "x"));
        source.Verifier!.Verify(request, Encoding.UTF8.GetBytes(Body), SourceSetup.Now);
        var id = IdOf(source, request);

        var kept = KeptValues.Of(source, request);

        IdOf(source, KeptValues.Read(kept)).ShouldBe(id.ShouldNotBeNull());
        kept.ShouldNotBeNull().ShouldNotContain("v1=00");
        kept.ShouldNotContain("X-Other");
    }

    [Fact]
    public void Nothing_is_kept_for_a_digest_of_the_bytes()
    {
        var source = SourceSetup.Source("""
            { "Verify": { "Signature": "{header.X-Sig}", "Parse": "pairs", "Content": "{pair.t}.{body}" } }
            """);

        KeptValues.Of(source, SourceSetup.Request(("X-Sig", "t=1,v1=00"))).ShouldBeNull();
    }

    private static string? IdOf(Source source, RequestValues request)
        => source.Mapping.Map(request, Encoding.UTF8.GetBytes(Body), SourceSetup.Now).Items.ShouldHaveSingleItem().Event?.EventId;
}
