using Gateway.EventsGateway.Sources.Verification;

namespace Gateway.EventsGateway.Tests.Sources.Verification;

/// <summary>Headers with several fields, signed timestamps and signed header values.</summary>
public sealed class SignatureFormTests
{
    private const string Body = """{"type":"shipment.updated"}""";
    private const string At = "1772029800";
    private const string Other = "0000000000000000000000000000000000000000000000000000000000000000";

    private static readonly string Signature = Hex($"{At}.{Body}");

    [Fact]
    public void A_header_of_pairs_may_have_several_signatures_and_blanks()
    {
        Pairs($"t={At}, v0=x, v1={Other}, v1={Signature}").SecretId.ShouldBe("a");
        Pairs($"v1={Signature},t={At}").SecretId.ShouldBe("a");
    }

    [Fact]
    public void At_most_10_signatures_of_a_header_are_compared()
    {
        var nine = string.Concat(Enumerable.Repeat($"v1={Other},", 9));
        var listed = $"v1,{Convert.ToBase64String(new byte[32])} ";

        Pairs($"t={At},{nine}v1={Signature}").SecretId.ShouldBe("a");
        Pairs($"t={At},{nine}v1={Other},v1={Signature}").Failure.ShouldBe(VerifyFailure.NotMatching);
        List(string.Concat(Enumerable.Repeat(listed, 10)) + Listed()).IsAuthentic.ShouldBeFalse();
        List(string.Concat(Enumerable.Repeat(listed, 9)) + Listed()).IsAuthentic.ShouldBeTrue();
    }

    [Theory]
    [InlineData("t=1772029801,v1=")]
    [InlineData("t=01772029800,v1=")]
    [InlineData("t=1772029800,t=1772029800,v1=")]
    [InlineData("v1=")]
    [InlineData("t=,v1=")]
    public void A_timestamp_that_was_rewritten_doubled_or_dropped_is_rejected(string start)
        => Pairs(start + Signature).IsAuthentic.ShouldBeFalse();

    [Theory]
    [InlineData("v2")]
    [InlineData("V1")]
    public void A_signature_of_another_version_is_not_compared(string version)
        => Pairs($"t={At},{version}={Signature}").Failure.ShouldBe(VerifyFailure.WrongForm);

    [Fact]
    public void Stale_timestamps_are_counted_by_default_and_rejected_where_the_source_says_so()
    {
        var at = (SourceSetup.Now.ToUnixTimeSeconds() - 301).ToString();
        var header = $"t={at},v1={Hex($"{at}.{Body}")}";

        Pairs(header).ShouldBe(new VerifyResult("a", VerifyFailure.None, IsStale: true));
        Pairs(header, """, "Stale": "reject" """).Failure.ShouldBe(VerifyFailure.Stale);
        Pairs(header, """, "Stale": "reject", "Tolerance": "00:05:01" """).ShouldBe(new VerifyResult("a"));
        Pairs($"t=x,v1={Hex($"x.{Body}")}", """, "Stale": "reject" """).Failure.ShouldBe(VerifyFailure.Stale);
    }

    [Fact]
    public void A_timestamp_of_the_future_is_stale_too()
    {
        var at = (SourceSetup.Now.ToUnixTimeSeconds() + 301).ToString();

        Pairs($"t={at},v1={Hex($"{at}.{Body}")}", """, "Stale": "reject" """).Failure.ShouldBe(VerifyFailure.Stale);
    }

    [Fact]
    public void A_signed_header_that_was_rewritten_is_rejected()
    {
        List(Listed()).SecretId.ShouldBe("a");
        List(Listed(), id: "msg_2").Failure.ShouldBe(VerifyFailure.NotMatching);
        List(Listed(), id: null).Failure.ShouldBe(VerifyFailure.MissingContent);
        List(Listed(), id: "msg_\u00e9").Failure.ShouldBe(VerifyFailure.WrongForm);
    }

    [Fact]
    public void A_signature_of_the_package_StandardWebhooks_is_accepted()
    {
        var secret = "whsec_" + Convert.ToBase64String("0123456789abcdef01234567"u8);
        var source = SourceSetup.Source($$"""{ "Preset": "svix", "Secrets": [{ "Id": "a", "Value": "{{secret}}" }] }""");
        var signed = new StandardWebhooks.StandardWebhook(secret).Sign("msg_1", SourceSetup.Now, Body);

        source.Verify(Body, ("svix-id", "msg_1"), ("svix-timestamp", At), ("svix-signature", $"v1a,AAAA {signed}"))
            .SecretId.ShouldBe("a");
    }

    [Theory]
    [InlineData("hex", "30313233343536373839616263646566")]
    [InlineData("whsec", "whsec_MDEyMzQ1Njc4OWFiY2RlZg==")]
    [InlineData("whsec", "MDEyMzQ1Njc4OWFiY2RlZg==")]
    [InlineData("nfkd", "0123456789abcdef")]
    public void The_key_is_made_of_the_text_of_the_secret(string form, string text)
        => SourceSetup.Source($$"""
            { "Verify": { "Signature": "{header.X-Sig}", "Key": "{{form}}" }, "Secrets": [{ "Id": "a", "Value": "{{text}}" }] }
            """).Verify(Body, ("X-Sig", Convert.ToHexStringLower(OpenSsl.Hmac256("0123456789abcdef"u8.ToArray(), Utf8(Body)))))
            .SecretId.ShouldBe("a");

    [Fact]
    public void Fields_of_the_body_are_signed_as_their_decoded_text()
    {
        var source = SourceSetup.Source("""
            { "Verify": { "Signature": "{header.X-Sig}", "Content": "{$.at}{$.payload}" }, "Inner": "$.payload",
              "Map": { "Shipment": "$$.n", "Type": "$$.s" } }
            """);
        const string body = """{"at":229255084490768384,"payload":"{\"n\":\"\u00e9\"}","note":1}""";
        var signature = Hex("229255084490768384{\"n\":\"\u00e9\"}");

        source.Verify(body, ("X-Sig", signature)).SecretId.ShouldBe("a");
        source.Verify(body.Replace("note", "nota"), ("X-Sig", signature)).SecretId.ShouldBe("a");
        source.Verify(body.Replace("384", "385"), ("X-Sig", signature)).Failure.ShouldBe(VerifyFailure.NotMatching);
        source.Verify("""{"at":1}""", ("X-Sig", signature)).Failure.ShouldBe(VerifyFailure.MissingContent);
        source.Verify("no JSON", ("X-Sig", signature)).Failure.ShouldBe(VerifyFailure.MissingContent);
    }

    private static VerifyResult Pairs(string header, string timestamp = "") => SourceSetup.Source($$"""
        { "Verify": { "Signature": "{header.X-Sig}", "Parse": "pairs", "Content": "{pair.t}.{body}",
                      "Timestamp": { "From": "{pair.t}", "Format": "unix"{{timestamp}} } } }
        """).Verify(Body, ("X-Sig", header));

    private static VerifyResult List(string header, string? id = "msg_1")
    {
        var source = SourceSetup.Source("""
            { "Preset": "standard-webhooks", "Verify": { "Key": "utf8" } }
            """);
        return id is null
            ? source.Verify(Body, ("webhook-timestamp", At), ("webhook-signature", header))
            : source.Verify(Body, ("webhook-id", id), ("webhook-timestamp", At), ("webhook-signature", header));
    }

    private static string Listed()
        => $"v1,{Convert.ToBase64String(OpenSsl.Hmac256(Utf8(SourceSetup.Secret), Utf8($"msg_1.{At}.{Body}")))}";

    private static string Hex(string content)
        => Convert.ToHexStringLower(OpenSsl.Hmac256(Utf8(SourceSetup.Secret), Utf8(content)));

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
