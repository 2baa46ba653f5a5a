using System.Security.Cryptography;
using System.Text;
using Gateway.EventsGateway.Sources.Templates;
using Gateway.EventsGateway.Sources.Verification;

namespace Gateway.EventsGateway.Features.TrySource;

/// <summary>Finds the settings with which a signature would be right: the usual forms, encodings and keys.</summary>
internal static class SignatureVariants
{
    private static readonly string[] Prefixes =
        ["", "sha256=", "sha512=", "hmac-sha256-hex=", "v1=", "v1,", "Bearer ", "Token ", "hmac "];

    private static readonly KeyForm[] Keys = [KeyForm.Utf8, KeyForm.Hex, KeyForm.Whsec];

    private static readonly Template Body
        = Template.TryParse("{body}", TemplatePlace.Content, out var body, out _) ? body : throw new InvalidOperationException();

    public static IEnumerable<TriedVariant> Matching(
        VerifySettings verify, SourceSecret secret, string sent, TemplateValues values)
    {
        if (verify.Scheme is VerifyScheme.Basic or VerifyScheme.None) return [];
        var candidates = CandidatesOf(verify, sent).Distinct().ToList();
        if (verify.Scheme == VerifyScheme.Token)
            return candidates.Where(one => IsToken(secret, one)).Select(one => Of(secret, one));
        return from keyed in KeyedBy(verify, secret)
               from content in ContentsOf(verify, keyed.Secret, values)
               from candidate in candidates
               from variant in verify.Scheme == VerifyScheme.JwtHs256
                   ? OfJwt(verify, keyed, candidate)
                   : OfContent(verify, keyed, candidate, content)
               select variant;
    }

    private static IEnumerable<Candidate> CandidatesOf(VerifySettings verify, string sent)
    {
        foreach (var prefix in Prefixes.Append(verify.Prefix))
        {
            if (sent.StartsWith(prefix, StringComparison.Ordinal))
                yield return new Candidate(SignatureForm.Plain, prefix, null, sent[prefix.Length..]);
        }

        // One pair is a prefix.
        var pairs = sent.Contains(',') ? sent : "";
        foreach (var (field, text) in SignatureHeader.Parse(pairs, SignatureForm.Pairs, "", ",", "").Pairs)
            yield return new Candidate(SignatureForm.Pairs, null, field, text);
        foreach (var text in SignatureHeader.Parse(sent, SignatureForm.List, "", ",", "v1").Signatures)
            yield return new Candidate(SignatureForm.List, null, "v1", text);
    }

    private static IEnumerable<Keyed> KeyedBy(VerifySettings verify, SourceSecret secret)
    {
        // Neither a public key nor a hash without a key has another form.
        if (verify.Scheme is VerifyScheme.RsaSha256 or VerifyScheme.Sha256) return [new Keyed(secret, null)];
        return from form in Keys
               let other = SourceSecret.Create(secret.Id, secret.Text, expiresAt: null, verify.Scheme, form, out _)
               where other is not null
               select new Keyed(other, ProofReader.NameOf(form));
    }

    private static IEnumerable<Content> ContentsOf(VerifySettings verify, SourceSecret secret, TemplateValues values)
    {
        Template[] templates = verify.Scheme is VerifyScheme.JwtHs256 or VerifyScheme.Sha256
            || verify.Content.ToString() == Body.ToString() ? [verify.Content] : [verify.Content, Body];
        foreach (var template in templates)
        {
            if (verify.Scheme == VerifyScheme.JwtHs256) yield return new Content(null, []);
            else if (ProofReader.ContentOf(template, values, secret) is { } bytes)
                yield return new Content(template.ToString(), bytes);
        }
    }

    private static IEnumerable<TriedVariant> OfContent(VerifySettings verify, Keyed keyed, Candidate candidate, Content content)
    {
        foreach (var (encoding, isBase64) in new[] { ("hex", false), ("base64", true) })
        {
            if (SignatureBytes.Of(candidate.Text, isBase64, verify.SignatureLength) is { } signature
                && SignatureBytes.AnyIsOf(verify, keyed.Secret, content.Bytes, signature))
            {
                yield return Of(keyed.Secret, candidate, encoding, keyed.Form, content.Text);
            }
        }
    }

    private static IEnumerable<TriedVariant> OfJwt(VerifySettings verify, Keyed keyed, Candidate candidate)
        => JwtClaims.Split(candidate.Text) is { } jwt
            && SignatureBytes.AnyIsOf(verify, keyed.Secret, Encoding.UTF8.GetBytes(jwt.Content), jwt.Signature)
            ? [Of(keyed.Secret, candidate, encoding: null, keyed.Form)]
            : [];

    private static bool IsToken(SourceSecret secret, Candidate candidate)
        => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(candidate.Text)), secret.Hash);

    private static TriedVariant Of(
        SourceSecret secret, Candidate candidate, string? encoding = null, string? key = null, string? content = null)
        => new(secret.Id, ProofReader.NameOf(candidate.Form), candidate.Prefix, candidate.Field, encoding, key, content);

    private sealed record Candidate(SignatureForm Form, string? Prefix, string? Field, string Text);
    private sealed record Keyed(SourceSecret Secret, string? Form);
    private sealed record Content(string? Text, byte[] Bytes);
}
