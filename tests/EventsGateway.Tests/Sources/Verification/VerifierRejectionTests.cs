using System.Text;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Sources.Verification;
using Microsoft.Extensions.Primitives;

namespace Gateway.EventsGateway.Tests.Sources.Verification;

/// <summary>What every scheme must reject, next to the request that it accepts.</summary>
public sealed class VerifierRejectionTests
{
    public static TheoryData<string> Schemes => [.. Proofs.Schemes];

    public static TheoryData<string> InHeader => [.. Proofs.Schemes.Where(scheme => scheme != "none")];

    public static TheoryData<string> Signing => [.. Proofs.Signing];

    [Theory]
    [MemberData(nameof(Schemes))]
    public void Each_live_secret_verifies_and_is_named(string scheme)
    {
        Verify(scheme, Proofs.Of(scheme, Proofs.First, Proofs.Body)).SecretId.ShouldBe("one");
        Verify(scheme, Proofs.Of(scheme, Proofs.Second, Proofs.Body)).SecretId.ShouldBe("two");
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void An_expired_secret_and_an_unknown_one_do_not_verify(string scheme)
    {
        Verify(scheme, Proofs.Of(scheme, Proofs.Expired, Proofs.Body)).Failure.ShouldBe(VerifyFailure.ExpiredSecret);
        Verify(scheme, Proofs.Of(scheme, "another-secret-of-16", Proofs.Body)).Failure.ShouldBe(VerifyFailure.NotMatching);
    }

    [Theory]
    [MemberData(nameof(InHeader))]
    public void A_header_that_is_absent_empty_or_sent_twice_is_a_missing_signature(string scheme)
    {
        var valid = Proofs.Of(scheme, Proofs.First, Proofs.Body);

        foreach (var value in new StringValues[] { default, "", " ", new([valid, valid]) })
        {
            var result = Verify(scheme, value);
            result.Failure.ShouldBe(VerifyFailure.Missing);
            result.Reason.ShouldBe(RejectionReason.MissingSignature);
        }
    }

    [Fact]
    public void A_path_without_its_value_is_a_missing_signature()
        => Source("none").Verifier!.Verify(SourceSetup.Request(), Encoding.UTF8.GetBytes(Proofs.Body), SourceSetup.Now)
            .Failure.ShouldBe(VerifyFailure.Missing);

    [Theory]
    [MemberData(nameof(InHeader))]
    public void Bytes_beyond_ASCII_truncation_and_additions_are_an_invalid_signature(string scheme)
    {
        var valid = Proofs.Of(scheme, Proofs.First, Proofs.Body);
        string[] wrong =
        [
            valid + "\u00e9", "\u00ff" + valid[1..], valid[..^1], valid[..^2], valid + "0", valid + "=", "sha256=" + valid,
            "v1," + valid, valid + ",", new string('a', 100_000), valid[..4] + " " + valid[4..], "t=1,v1=" + valid,
        ];

        foreach (var value in wrong)
        {
            var result = Verify(scheme, value);
            result.IsAuthentic.ShouldBeFalse(value[..Math.Min(200, value.Length)]);
            result.Reason.ShouldBe(RejectionReason.InvalidSignature);
        }
    }

    [Theory]
    [MemberData(nameof(Signing))]
    public void A_signature_in_the_other_encoding_is_invalid(string scheme)
    {
        var valid = Proofs.Of(scheme, Proofs.First, Proofs.Body);
        var other = scheme == "rsa-sha256"
            ? Convert.ToHexString(Convert.FromBase64String(valid))
            : Convert.ToBase64String(Convert.FromHexString(valid));

        Verify(scheme, other).Reason.ShouldBe(RejectionReason.InvalidSignature);
        Verify(scheme, other).IsAuthentic.ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Signing))]
    public void A_body_with_one_other_byte_or_a_byte_order_mark_is_not_what_was_signed(string scheme)
    {
        var valid = Proofs.Of(scheme, Proofs.First, Proofs.Body);

        Verify(scheme, valid, Proofs.Body.Replace("S1", "S2")).Failure.ShouldBe(VerifyFailure.NotMatching);
        Verify(scheme, valid, "\ufeff" + Proofs.Body).Failure.ShouldBe(VerifyFailure.NotMatching);
        Verify(scheme, valid, Proofs.Body + "\n").Failure.ShouldBe(VerifyFailure.NotMatching);
        Verify(scheme, valid, "").Failure.ShouldBe(VerifyFailure.NotMatching);
    }

    [Theory]
    [MemberData(nameof(Signing))]
    public void A_signature_over_the_body_with_its_byte_order_mark_verifies(string scheme)
    {
        const string body = "\ufeff" + Proofs.Body;

        Verify(scheme, Proofs.Of(scheme, Proofs.First, body), body).SecretId.ShouldBe("one");
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void The_proof_of_one_source_is_none_for_another(string scheme)
    {
        var other = SourceSetup.Source(
            """{ "Verify": { "Scheme": "hmac-sha256", "Signature": "{header.X-Sig}" } }""");

        other.Verify(Proofs.Body, ("X-Sig", Proofs.Of(scheme, Proofs.First, Proofs.Body))).IsAuthentic.ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"alg":"none"}""", "{}")]
    [InlineData("""{"alg":"RS256"}""", "{}")]
    [InlineData("""{"alg":"hs256"}""", "{}")]
    [InlineData("""{"alg":["HS256"]}""", "{}")]
    [InlineData("""{"alg":"none","alg":"HS256"}""", "{}")]
    [InlineData("""{"alg":"HS256","crit":["exp"]}""", "{}")]
    [InlineData("""{"typ":"JWT"}""", "{}")]
    [InlineData("""{"alg":"\ud800"}""", "{}")]
    [InlineData("no JSON", "{}")]
    [InlineData("""{"alg":"HS256"}""", "no JSON")]
    [InlineData("""{"alg":"HS256"}""", "[]")]
    [InlineData("""{"alg":"HS256"}""", """{"exp":"2026"}""")]
    [InlineData("""{"alg":"HS256"}""", """{"exp":1772029740}""")]
    [InlineData("""{"alg":"HS256"}""", """{"nbf":1772029861}""")]
    public void A_JWT_of_another_algorithm_or_outside_its_time_is_rejected(string header, string claims)
        => Verify("jwt-hs256", Proofs.Jwt(header, claims, Proofs.First)).Failure.ShouldBe(VerifyFailure.Claims);

    [Theory]
    [InlineData("""{"exp":1772029741,"nbf":1772029860}""")]
    [InlineData("""{"exp":1772029740.5}""")]
    public void A_JWT_is_valid_for_60_seconds_around_its_time(string claims)
        => Verify("jwt-hs256", Proofs.Jwt("""{"alg":"HS256"}""", claims, Proofs.First)).SecretId.ShouldBe("one");

    private static VerifyResult Verify(string scheme, StringValues proof, string body = Proofs.Body)
    {
        var route = new Dictionary<string, string>();
        (string, StringValues)[] headers = [];
        if (scheme == "none") route["token"] = proof!;
        else if (proof.Count > 0) headers = [(Proofs.HeaderOf(scheme), proof)];
        var request = SourceSetup.Request(headers, route);
        return Source(scheme).Verifier!.Verify(request, Encoding.UTF8.GetBytes(body), SourceSetup.Now);
    }

    private static Gateway.EventsGateway.Sources.Source Source(string scheme) => SourceSetup.Source(Proofs.Settings(scheme));
}
