using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.EventsGateway.Tests.Sources.Verification;

/// <summary>For each scheme a source with two live secrets and an expired one, and a signature by an independent tool.</summary>
internal static class Proofs
{
    public const string Body = """{"shipment":"S1","type":"delivered"}""";
    public const string First = "first-secret-of-16";
    public const string Second = "second-secret-of-16";
    public const string Expired = "expired-secret-of-16";

    private static readonly RSA FirstKey = RSA.Create(2048), SecondKey = RSA.Create(2048), ExpiredKey = RSA.Create(2048);

    public static readonly string[] Schemes
        = ["hmac-sha256", "hmac-sha512", "sha256", "rsa-sha256", "jwt-hs256", "token", "basic", "none"];

    /// <summary>Those whose proof covers the body.</summary>
    public static readonly string[] Signing = Schemes[..4];

    public static string Settings(string scheme)
    {
        var verify = scheme switch
        {
            "sha256" => """ "Signature": "{header.X-Sig}", "Content": "{body}/{secret}" """,
            "rsa-sha256" => """ "Signature": "{header.X-Sig}", "Encoding": "base64" """,
            "basic" => """ "Field": "v1" """,
            "none" => """ "Signature": "{route.token}" """,
            _ => """ "Signature": "{header.X-Sig}" """,
        };
        return $$"""
            { "Verify": { "Scheme": "{{scheme}}", {{verify}} },
              "Secrets": [{ "Id": "one", "Value": {{Json(scheme, First)}} }, { "Id": "two", "Value": {{Json(scheme, Second)}} },
                { "Id": "old", "Value": {{Json(scheme, Expired)}}, "ExpiresAt": "2026-02-25T14:29:59Z" }] }
            """;
    }

    /// <summary>The header of the proof; for the scheme none the value of the path.</summary>
    public static string HeaderOf(string scheme) => scheme == "basic" ? "Authorization" : "X-Sig";

    public static string Of(string scheme, string secret, string body) => scheme switch
    {
        "hmac-sha256" => Convert.ToHexStringLower(OpenSsl.Hmac256(Utf8(secret), Utf8(body))),
        "hmac-sha512" => Convert.ToHexStringLower(OpenSsl.Hmac512(Utf8(secret), Utf8(body))),
        "sha256" => Convert.ToHexStringLower(OpenSsl.Sha256(Utf8($"{body}/{secret}"))),
        "rsa-sha256" => Convert.ToBase64String(OpenSsl.Sign(KeyOf(secret), Utf8(body))),
        "jwt-hs256" => Jwt("""{"alg":"HS256"}""", "{}", secret),
        "basic" => $"Basic {Convert.ToBase64String(Utf8($"user:{secret}"))}",
        _ => secret,
    };

    public static string Jwt(string header, string claims, string secret)
    {
        var content = $"{Base64Url.EncodeToString(Utf8(header))}.{Base64Url.EncodeToString(Utf8(claims))}";
        return $"{content}.{Base64Url.EncodeToString(OpenSsl.Hmac256(Utf8(secret), Utf8(content)))}";
    }

    private static string Json(string scheme, string secret) => scheme switch
    {
        "rsa-sha256" => System.Text.Json.JsonSerializer.Serialize(KeyOf(secret).ExportSubjectPublicKeyInfoPem()),
        "basic" => $"\"user:{secret}\"",
        _ => $"\"{secret}\"",
    };

    private static RSA KeyOf(string secret) => secret switch
    {
        First => FirstKey,
        Second => SecondKey,
        Expired => ExpiredKey,
        _ => RSA.Create(2048),
    };

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
