using Gateway.EventsGateway.Sources.Mapping;
using Gateway.EventsGateway.Sources.Settings;
using Gateway.EventsGateway.Sources.Templates;
using Gateway.EventsGateway.Sources.Verification;

namespace Gateway.EventsGateway.Sources.Configuration;

/// <summary>Reads how a source proves that its requests are authentic.</summary>
internal sealed class VerifyReader(SettingsReader verify)
{
    private static readonly (string, VerifyScheme)[] Schemes
        = [.. Enum.GetValues<VerifyScheme>().Select(scheme => (scheme.Text(), scheme))];

    private static readonly (string, SignatureForm)[] Forms =
        [("plain", SignatureForm.Plain), ("pairs", SignatureForm.Pairs), ("list", SignatureForm.List)];

    private static readonly string[] Formats = ["unix", "unix-ms", "iso", "rfc1123"];

    private static readonly (string, KeyForm)[] Keys =
        [("utf8", KeyForm.Utf8), ("hex", KeyForm.Hex), ("whsec", KeyForm.Whsec), ("nfkd", KeyForm.Nfkd)];

    /// <summary>Null where it cannot be used; the reader has the reasons.</summary>
    public VerifySettings? Read(out KeyForm key, out VerifyScheme scheme)
    {
        scheme = verify.Choice("Scheme", VerifyScheme.HmacSha256, Schemes);
        key = verify.Choice("Key", KeyForm.Utf8, Keys);
        var form = verify.Choice("Parse", SignatureForm.Plain, Forms);
        var timestamp = ReadTimestamp();
        var signature = Parse("Signature", SignatureText(scheme), TemplatePlace.Signature);
        var contentText = verify.Text("Content") ?? (scheme == VerifyScheme.Sha256 ? null : "{body}");
        var content = Parse("Content", contentText, TemplatePlace.Content);
        var keyId = Parse("KeyId", verify.Text("KeyId"), TemplatePlace.Signature);
        var settings = signature is null || content is null ? null : new VerifySettings
        {
            Scheme = scheme, Key = key, Form = form, Signature = signature, Content = content, Timestamp = timestamp,
            KeyId = keyId,
            Prefix = verify.Text("Prefix") ?? "",
            Separator = verify.Text("Separator") is { Length: > 0 } separator ? separator : ",",
            Field = verify.Text("Field") is { Length: > 0 } field ? field : "v1",
            IsBase64 = verify.Choice("Encoding", false, ("hex", false), ("base64", true)),
        };
        verify.Text("Prefix");
        verify.Text("Separator");
        verify.Text("Field");
        verify.Text("Encoding");
        verify.Close();
        if (settings is not null) Check(settings);
        return settings;
    }

    private string? SignatureText(VerifyScheme scheme) => verify.Text("Signature") ?? scheme switch
    {
        VerifyScheme.Basic => "{header.Authorization}",
        VerifyScheme.None => "{route.token}",
        _ => verify.Required("Signature", "where the signature stands, such as {header.X-Signature}"),
    };

    private TimestampSettings? ReadTimestamp()
    {
        if (!verify.Has("Timestamp")) return null;
        var timestamp = verify.Child("Timestamp");
        var text = timestamp.Required("From", "where the timestamp stands, such as {header.X-Timestamp}");
        var from = text is null ? null : Parse(timestamp, "From", text, TemplatePlace.Timestamp);
        var format = timestamp.Choice("Format", "unix", [.. Formats.Select(text => (text, text))]);
        var tolerance = timestamp.Span("Tolerance") ?? TimeSpan.FromMinutes(5);
        var isRejected = timestamp.Choice("Stale", false, ("count", false), ("reject", true));
        timestamp.Close();
        return from is null ? null : new TimestampSettings(
            from, format, TimeReader.Create(format, zone: null, out _)!, tolerance, isRejected);
    }

    private void Check(VerifySettings settings)
    {
        var content = settings.Content;
        var secrets = content.References.Count(part => part.Kind == ReferenceKinds.Secret);
        var endsWithSecret = content.ToString().EndsWith("{secret}", StringComparison.Ordinal) && secrets == 1;
        if (settings.Scheme == VerifyScheme.Sha256 && !endsWithSecret)
            verify.Error("Content", "must end with {secret}, once, for the scheme sha256; anybody can compute a hash without it");
        if (settings.Scheme != VerifyScheme.Sha256 && secrets > 0)
            verify.Error("Content", "reads secret, which only the scheme sha256 does; remove it");
        if (settings.Signs && content.References.Count == secrets)
            verify.Error("Content", "covers nothing of the request; name {body} in it");
        if (content.Reads(ReferenceKinds.Pair) && settings.Form != SignatureForm.Pairs)
            verify.Error("Content", "reads pair.…, which only Parse pairs has; set Parse to pairs");
        if (content.Reads(ReferenceKinds.Timestamp) && settings.Timestamp is null)
            verify.Error("Content", "reads timestamp, and no Timestamp is set; set Timestamp.From");
        if (settings.Timestamp is { } timestamp && !(settings.Signs && Covered.By(settings, timestamp.From.References[0])))
            verify.Error("Timestamp", "is not in the signed content, so anybody can change it; add {timestamp} to Content");
        if (settings.KeyId is not null && settings.Scheme != VerifyScheme.RsaSha256)
            verify.Error("KeyId", "is read for the scheme rsa-sha256 only; a JWT names its key itself; remove it");
        if (settings.Scheme == VerifyScheme.None && !settings.Signature.Reads(ReferenceKinds.Route))
            verify.Error("Signature", "must be a part of the path for the scheme none, such as {route.token}");
    }

    private Template? Parse(string key, string? text, TemplatePlace place)
    {
        // The scheme sha256 has no usual content: some senders put the secret first, which is not supported.
        if (text is null && key == "Content") verify.Error(key, "is required for the scheme sha256, such as {body}/{secret}");
        return text is null ? null : Parse(verify, key, text, place);
    }

    private static Template? Parse(SettingsReader reader, string key, string text, TemplatePlace place)
    {
        if (Template.TryParse(text, place, out var template, out var error)) return template;
        reader.Error(key, $"is wrong: {error}");
        return null;
    }
}
