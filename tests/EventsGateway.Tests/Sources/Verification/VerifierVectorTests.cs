namespace Gateway.EventsGateway.Tests.Sources.Verification;

/// <summary>Published vectors, recomputed: the key, the body and the signature that a sender documents.</summary>
public sealed class VerifierVectorTests
{
    [Theory]
    [InlineData("secretkey", """{"key": "value"}""", "", "hex",
        "1eed4b3d41f4653ac64fd56f1bf1cbfd349e4482cbc11dff7134bd93e5da4b0a")]
    [InlineData("It's a Secret to Everybody", "Hello, World!", "sha256=", "hex",
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")]
    [InlineData("Convoy", "Test Payload Body", "", "base64", "16FUVH58NeMcTIIOICN2UJOcPTTa4TbjCndXymGrtM8=")]
    [InlineData("test-secret-0123", """{"n":1}""", "", "hex",
        "b4c0f6e35bc6ea48689748f53b3ca86bda050db55e80bd681f703242d4268ace")]
    [InlineData("test-secret-0123", """{"n":1}""", "", "hex",
        "B4C0F6E35BC6EA48689748F53B3CA86BDA050DB55E80BD681F703242D4268ACE")]
    [InlineData("test-secret-0123", """{"n":1}""", "", "base64", "tMD241vG6khol0j1Ozyoa9oFDbVegL1oH3AyQtQmis4=")]
    public void A_published_hmac_of_the_body_is_accepted(
        string secret, string body, string prefix, string encoding, string signature)
    {
        var source = SourceSetup.Source($$"""
            { "Verify": { "Signature": "{header.X-Sig}", "Prefix": "{{prefix}}", "Encoding": "{{encoding}}" },
              "Secrets": [{ "Id": "a", "Value": "{{secret}}" }] }
            """);

        source.Verify(body, ("x-sig", signature)).SecretId.ShouldBe("a");
        source.Verify(body + " ", ("x-sig", signature)).IsAuthentic.ShouldBeFalse();
    }

    [Fact]
    public void The_vector_of_Standard_Webhooks_is_accepted()
    {
        var source = SourceSetup.Source("""
            { "Preset": "standard-webhooks", "Verify": { "Timestamp": { "Stale": "count" } },
              "Secrets": [{ "Id": "a", "Value": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }] }
            """);

        var result = source.Verify(
            """{"test": 2432232314}""", ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"), ("webhook-timestamp", "1614265330"),
            ("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));

        result.SecretId.ShouldBe("a");
        result.IsStale.ShouldBeTrue();
    }

    [Theory]
    [InlineData(
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJlYXN5c2hpcF9jb21wYW55X2lkIjoiYy0xIn0."
        + "5Kwcs32F-mSAW-3t-Aetz8yoXAGSN1z1d6PQRfF2gko", true)]
    [InlineData("eyJhbGciOiJub25lIn0.eyJlYXN5c2hpcF9jb21wYW55X2lkIjoiYy0xIn0.", false)]
    public void The_vector_of_a_JWT_is_accepted_and_one_without_algorithm_is_not(string token, bool isAuthentic)
        => SourceSetup.Source("""{ "Verify": { "Scheme": "jwt-hs256", "Signature": "{header.X-Jwt}" } }""")
            .Verify("{}", ("X-Jwt", token)).IsAuthentic.ShouldBe(isAuthentic);
}
