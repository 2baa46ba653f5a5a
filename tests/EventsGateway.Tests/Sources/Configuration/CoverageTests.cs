using System.Text;
using Gateway.EventsGateway.Sources;
using Gateway.EventsGateway.Sources.Verification;

namespace Gateway.EventsGateway.Tests.Sources.Configuration;

/// <summary>What a signature covers, what may be trusted without it, and how the proof is called.</summary>
public sealed class CoverageTests
{
    private const string Timestamped
        = """ "Verify": { "Signature": "{$.verify.signature}", "Content": "{$.verify.timestamp}" } """;

    [Theory]
    [InlineData(""" "Verify": { "Signature": "{header.X}" } """, "signed")]
    [InlineData(""" "Verify": { "Signature": "{header.X}", "Content": "{$.shipment}{$.type}" } """, "signed")]
    [InlineData(""" "Verify": { "Scheme": "token", "Signature": "{header.X}" } """, "identity only")]
    [InlineData(""" "Verify": { "Scheme": "jwt-hs256", "Signature": "{header.X}" } """, "identity only")]
    [InlineData(""" "Verify": { "Scheme": "none" } """, "none")]
    public void The_proof_is_as_strong_as_what_it_covers(string verify, string proof)
        => Errors(verify).Source!.Proof.Text().ShouldBe(proof);

    [Fact]
    public void A_signature_over_a_timestamp_alone_proves_the_identity_and_its_events_stay_apart()
    {
        var (source, _) = Errors(Timestamped + """, "TrustUnsigned": ["$.shipment", "$.type"] """);

        source!.Proof.ShouldBe(ProofStrength.IdentityOnly);
        Id(source, """{"shipment":"S1","type":"x","verify":{"timestamp":1}}""")
            .ShouldNotBe(Id(source, """{"shipment":"S2","type":"x","verify":{"timestamp":1}}"""));
    }

    [Fact]
    public void A_trusted_part_that_is_rewritten_does_not_change_the_digest_of_what_is_signed()
    {
        var (source, _) = Errors("""
            "Verify": { "Signature": "{header.X}", "Content": "{$.shipment}{$.type}" }, "TrustUnsigned": ["$.kg"],
            "Map": { "Shipment": "$.shipment", "Type": "$.type", "Weight": "$.kg" }
            """);

        source!.Proof.ShouldBe(ProofStrength.Signed);
        Id(source, """{"shipment":"S1","type":"x","kg":1}""").ShouldBe(Id(source, """{"shipment":"S1","type":"x","kg":2}"""));
    }

    [Fact]
    public void Parts_that_nothing_covers_are_errors_until_they_are_trusted()
        => Errors(Timestamped).Errors.ShouldBe(
        [
            "sources:a: Map.Shipment reads $.shipment, which the signature does not cover; "
                + "name it in TrustUnsigned or take it from the body",
            "sources:a: Map.Type reads $.type, which the signature does not cover; "
                + "name it in TrustUnsigned or take it from the body",
        ]);

    [Theory]
    [InlineData("hmac-sha256", "{header.X-Id}")]
    [InlineData("hmac-sha256", "{query.id}")]
    [InlineData("token", "{header.X-Id}")]
    [InlineData("token", "{query.id}")]
    public void An_id_from_an_unsigned_part_is_an_error_even_if_it_is_trusted(string scheme, string id)
    {
        var settings = $$"""
            "Verify": { "Scheme": "{{scheme}}", "Signature": "{header.X}" }, "TrustUnsigned": ["{{id.Trim('{', '}')}}"],
            "Map": { "Id": "{{id}}", "Shipment": "$.shipment", "Type": "$.type" }
            """;

        Errors(settings).Errors.ShouldHaveSingleItem()
            .ShouldBe($"sources:a: Map.Id reads {id.Trim('{', '}')}, which the signature does not cover; take it from the body");
    }

    [Theory]
    [InlineData("token")]
    [InlineData("jwt-hs256")]
    public void The_content_of_a_scheme_that_does_not_sign_covers_nothing(string scheme)
        => Errors($$"""
            "Verify": { "Scheme": "{{scheme}}", "Signature": "{header.X}", "Content": "{header.X-Id}.{body}" },
            "Map": { "Id": "{header.X-Id}", "Shipment": "$.shipment", "Type": "$.type" }
            """).Errors.ShouldHaveSingleItem().ShouldStartWith("sources:a: Map.Id reads header.X-Id");

    [Fact]
    public void A_signed_header_may_be_the_id_in_any_case()
        => Errors("""
            "Verify": { "Signature": "{header.X}", "Content": "{header.X-Id}.{body}" },
            "Map": { "Id": "{header.x-id}", "Shipment": "$.shipment", "Type": "$.type" }
            """).Errors.ShouldBeEmpty();

    [Fact]
    public void Fields_of_an_item_are_not_covered_by_a_field_of_the_body()
    {
        var settings = """
            "Verify": { "Signature": "{header.X}", "Content": "{$.id}{$.type}" }, "Each": "$.items[*]",
            "Map": { "Id": "{digest}", "Shipment": "$.id", "Type": "^.type" }
            """;

        Errors(settings).Errors.ShouldHaveSingleItem().ShouldStartWith("sources:a: Map.Shipment reads $.id");
    }

    [Fact]
    public void An_unsigned_id_or_topic_that_is_rewritten_does_not_change_the_key()
    {
        var source = SourceSetup.Source("""{ "Preset": "shopify", "Map": { "Shipment": "$.id" } }""");
        const string body = """{"id":1,"status":"success","updated_at":"2026-02-25T14:30:00Z"}""";

        Id(source, body, ("X-Shopify-Webhook-Id", "1"), ("X-Shopify-Topic", "a"))
            .ShouldBe(Id(source, body, ("X-Shopify-Webhook-Id", "2"), ("X-Shopify-Topic", "b")));
    }

    private static string Id(
        Source source, string body, params (string, Microsoft.Extensions.Primitives.StringValues)[] headers)
    {
        var mapped = source.Mapping.Map(SourceSetup.Request(headers), Encoding.UTF8.GetBytes(body), SourceSetup.Now);
        return mapped.Items.ShouldHaveSingleItem().Event.ShouldNotBeNull().EventId;
    }

    private static (Source? Source, IReadOnlyList<string> Errors) Errors(string settings)
    {
        var map = settings.Contains("\"Map\"") ? "" : """, "Map": { "Shipment": "$.shipment", "Type": "$.type" } """;
        var loaded = SourceSetup.Load($$"""
            { "a": { "Merchant": "m-1", "Secrets": [{ "Id": "a", "Value": "test-secret-0123" }], {{settings}} {{map}} } }
            """);
        return (loaded.Table?.All[0], loaded.Errors);
    }
}
