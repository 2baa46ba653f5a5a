using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.EventsGateway.Sources;
using Gateway.EventsGateway.Sources.Verification;

namespace Gateway.EventsGateway.Tests.Sources.Verification;

/// <summary>A request that names its key is compared with that key, and with keys that have no name.</summary>
public sealed class KeyIdTests
{
    private const string Body = """{"shipment":"S1","type":"delivered"}""";

    private static readonly RSA FirstKey = RSA.Create(2048), SecondKey = RSA.Create(2048);

    private static readonly Source Rsa = SourceSetup.Source($$"""
        { "Verify": { "Scheme": "rsa-sha256", "Signature": "{header.X-Sig}", "Encoding": "base64", "KeyId": "{header.X-Key}" },
          "Secrets": [{ "Id": "one", "KeyId": "k1", "Value": {{Pem(FirstKey)}} }, { "Id": "two", "Value": {{Pem(SecondKey)}} }] }
        """);

    private static readonly Source Jwt = SourceSetup.Source("""
        { "Verify": { "Scheme": "jwt-hs256", "Signature": "{header.X-Jwt}" },
          "Secrets": [{ "Id": "one", "KeyId": "k1", "Value": "first-secret-of-16" },
                      { "Id": "two", "KeyId": "k2", "Value": "second-secret-of-16" }] }
        """);

    [Theory]
    [InlineData("k1", "one")]
    [InlineData("", "one")]
    [InlineData("k2", null)]
    [InlineData("K1", null)]
    public void An_RSA_key_with_a_name_is_tried_only_where_the_request_names_it_or_none(string named, string? secretId)
        => Rsa.Verify(Body, ("X-Sig", Signed(FirstKey)), ("X-Key", named)).SecretId.ShouldBe(secretId);

    [Theory]
    [InlineData("k1")]
    [InlineData("k2")]
    [InlineData("")]
    public void An_RSA_key_without_a_name_is_always_tried(string named)
        => Rsa.Verify(Body, ("X-Sig", Signed(SecondKey)), ("X-Key", named)).SecretId.ShouldBe("two");

    [Theory]
    [InlineData("""{"alg":"HS256","kid":"k1"}""", "one")]
    [InlineData("""{"alg":"HS256"}""", "one")]
    [InlineData("""{"alg":"HS256","kid":7}""", "one")]
    [InlineData("""{"alg":"HS256","kid":"\ud800"}""", "one")]
    [InlineData("""{"alg":"HS256","kid":"k2"}""", null)]
    [InlineData("""{"alg":"none","kid":"k1"}""", null)]
    [InlineData("""{"alg":"HS256","kid":"k2","kid":"k1"}""", null)]
    public void A_JWT_is_compared_with_the_secret_that_its_kid_names(string header, string? secretId)
        => Jwt.Verify("{}", ("X-Jwt", Proofs.Jwt(header, "{}", "first-secret-of-16"))).SecretId.ShouldBe(secretId);

    [Theory]
    [InlineData("no dot")]
    [InlineData("%%.e30.AAAA")]
    [InlineData("AAAA.e30.AAAA")]
    public void A_JWT_without_a_readable_header_is_rejected(string token)
        => Jwt.Verify("{}", ("X-Jwt", token)).IsAuthentic.ShouldBeFalse();

    [Fact]
    public void A_key_that_no_secret_has_is_told()
    {
        var result = Jwt.Verify("{}", ("X-Jwt", Proofs.Jwt("""{"alg":"HS256","kid":"k3"}""", "{}", "first-secret-of-16")));

        result.Failure.ShouldBe(VerifyFailure.UnknownKeyId);
        result.Detail.ShouldBe("the request names a key (kid) that no secret of the source has");
    }

    [Theory]
    [InlineData("hmac-sha256", "")]
    [InlineData("rsa-sha256", "")]
    [InlineData("jwt-hs256", """, "KeyId": "{header.X-Key}" """)]
    public void A_key_id_that_is_never_compared_is_an_error(string scheme, string more)
    {
        var secret = scheme == "rsa-sha256" ? Pem(FirstKey) : "\"test-secret-0123\"";
        SourceSetup.Load($$"""
            { "a": { "Merchant": "m-1", "Verify": { "Scheme": "{{scheme}}", "Signature": "{header.X-Sig}"{{more}} },
                     "Map": { "Shipment": "$.s", "Type": "$.t" },
                     "Secrets": [{ "Id": "a", "KeyId": "k1", "Value": {{secret}} }] } }
            """).Errors.ShouldBe([more.Length > 0
                ? "sources:a: Verify.KeyId is read for the scheme rsa-sha256 only; a JWT names its key itself; remove it"
                : "sources:a: Secrets have a KeyId that is compared with nothing; set Verify.KeyId (rsa-sha256), or remove it",
            ]);
    }

    private static string Signed(RSA key) => Convert.ToBase64String(OpenSsl.Sign(key, Encoding.UTF8.GetBytes(Body)));

    private static string Pem(RSA key) => JsonSerializer.Serialize(key.ExportSubjectPublicKeyInfoPem());
}
