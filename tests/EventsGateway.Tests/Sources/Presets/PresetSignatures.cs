using System.Security.Cryptography;
using System.Text;
using Gateway.EventsGateway.Tests.Sources.Verification;

namespace Gateway.EventsGateway.Tests.Sources.Presets;

/// <summary>How each sender signs, written from its documentation with openssl and the package StandardWebhooks.</summary>
internal static class PresetSignatures
{
    public const string Secret = "0123456789abcdef0123456789abcdef";
    public const string At = "1772029800";

    private static readonly RSA Key = RSA.Create(2048);

    /// <summary>The secret as the user writes it.</summary>
    public static string SecretOf(string preset) => preset switch
    {
        "standard-webhooks" or "svix" or "shipbob" => $"whsec_{Convert.ToBase64String(Utf8(Secret))}",
        "shipengine" => Key.ExportSubjectPublicKeyInfoPem(),
        "basic" => $"user:{Secret}",
        _ => Secret,
    };

    /// <summary>The headers with which the sender proves the body; for none the value of the path.</summary>
    /// <param name="preset">The name of the preset.</param>
    /// <param name="body">The signed bytes.</param>
    /// <param name="now">When it is signed, by senders whose requests expire; null: the time of the samples.</param>
    public static Dictionary<string, string> Of(string preset, byte[] body, DateTimeOffset? now = null) => preset switch
    {
        "aftership" => One("aftership-hmac-sha256", Base64(Hmac(body))),
        "easypost" => One("X-Hmac-Signature", "hmac-sha256-hex=" + Hex(Hmac(body))),
        "shippo" => One("Shippo-Auth-Signature", $"t={At},v1={Hex(Hmac([.. Utf8($"{At}."), .. body]))}"),
        "shipengine" => new()
        {
            ["x-shipengine-timestamp"] = "2026-02-25T14:30:00Z",
            ["x-shipengine-rsa-sha256-key-id"] = "k-1",
            ["x-shipengine-rsa-sha256-signature"] = Base64(OpenSsl.Sign(Key, [.. "2026-02-25T14:30:00Z."u8, .. body])),
        },
        "sendcloud" => One("Sendcloud-Signature", Hex(Hmac(body))),
        "easyship" => One(
            "X-EASYSHIP-SIGNATURE", Proofs.Jwt("""{"alg":"HS256","typ":"JWT"}""", """{"easyship_company_id":"c-1"}""", Secret)),
        "shipday" => One("token", Secret),
        "bosta" or "bosta-international" => One("Authorization", Secret),
        "dhl-push" => One("X-Dhl-Token", Secret),
        "fedex" => One("fdx-signature", Base64(Hmac(body))),
        "ups" => One("credential", Secret),
        // The two fields of the sample as text, one after the other.
        "usps" => One("X-HMAC", Base64(Hmac(Utf8("2026-02-25T14:30:00Z{\"trackingNumber\":\"9400\",\"status\":\"Delivered\"}")))),
        "gls-nxt" => One("X-API-Key", Secret),
        "onfleet" => One("X-Onfleet-Signature", Hex(OpenSsl.Hmac512(Convert.FromHexString(Secret), body))),
        "17track" => One("sign", Hex(OpenSsl.Sha256([.. body, .. Utf8($"/{Secret}")]))),
        "shopify" => One("X-Shopify-Hmac-SHA256", Base64(Hmac(body))),
        "woocommerce" => One("X-WC-Webhook-Signature", Base64(Hmac(body))),
        "standard-webhooks" => Standard("webhook", "msg_demo1", body, now),
        "svix" => Standard("svix", "msg_demo1", body, now),
        "shipbob" => Standard("webhook", "msg_demo2", body, now),
        "token" => One("X-Token", Secret),
        "basic" => One("Authorization", $"Basic {Base64(Utf8($"user:{Secret}"))}"),
        "none" => [],
        _ => throw new ArgumentOutOfRangeException(nameof(preset), preset, "a new preset needs its signature here"),
    };

    private static Dictionary<string, string> Standard(string prefix, string id, byte[] body, DateTimeOffset? now)
    {
        var at = now ?? DateTimeOffset.FromUnixTimeSeconds(1772029800);
        return new()
        {
            [$"{prefix}-timestamp"] = $"{at.ToUnixTimeSeconds()}",
            [$"{prefix}-signature"]
                = new StandardWebhooks.StandardWebhook(SecretOf("svix")).Sign(id, at, Encoding.UTF8.GetString(body)),
        };
    }

    private static Dictionary<string, string> One(string header, string value) => new() { [header] = value };

    private static byte[] Hmac(byte[] content) => OpenSsl.Hmac256(Utf8(Secret), content);

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static string Base64(byte[] bytes) => Convert.ToBase64String(bytes);

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
