using System.Security.Cryptography;
using System.Text;
using Gateway.EventsGateway.Sources.Bodies;
using Gateway.EventsGateway.Sources.Templates;

namespace Gateway.EventsGateway.Sources.Verification;

/// <summary>
/// Verifies the requests of one source. Every secret is compared with every signature, in constant time and without an early
/// exit, so that the time of an answer does not depend on which of them is right.
/// </summary>
internal sealed class Verifier(VerifySettings settings, IReadOnlyList<SourceSecret> secrets)
{
    private readonly BodyPlan? _paths = PlanOf(settings.Templates);

    private readonly string[] _headers =
    [
        .. settings.Templates.SelectMany(template => template.References)
            .Where(part => part.Kind == ReferenceKinds.Header).Select(part => part.Name).Distinct(),
    ];

    private readonly bool _hasKeyIds = secrets.Any(secret => secret.KeyId is not null);

    public IReadOnlyList<SourceSecret> Secrets => secrets;

    public bool HasLiveSecret(DateTimeOffset now) => secrets.Any(secret => secret.IsLive(now));

    public VerifyResult Verify(RequestValues request, ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        // The server reads bytes of a header as Latin-1. As UTF-8 they would be other bytes than the sender signed.
        if (_headers.Any(name => request.Header(name) is { } value && !Ascii.IsValid(value)))
            return VerifyResult.Rejected(VerifyFailure.WrongForm);
        var values = new TemplateValues { Request = request, Body = body, Json = Read(_paths, body) };
        if (settings.Signature.Render(values) is not { } text) return VerifyResult.Rejected(VerifyFailure.Missing);
        var header = SignatureHeader.Parse(text, settings.Form, settings.Prefix, settings.Separator, settings.Field);
        if (header.Signatures.Count == 0) return VerifyResult.Rejected(VerifyFailure.WrongForm);
        request.Pairs = header.Pairs;
        request.Timestamp = settings.Timestamp?.From.Render(values);
        var tried = _hasKeyIds ? NamedBy(settings.KeyIdOf(header, values)) : secrets;
        if (tried.Count == 0) return VerifyResult.Rejected(VerifyFailure.UnknownKeyId);
        var result = settings.Scheme switch
        {
            VerifyScheme.JwtHs256 => OfJwt(tried, header.Signatures[0], now),
            VerifyScheme.Basic => OfToken(SignatureBytes.OfBasic(header.Signatures[0]), now),
            VerifyScheme.Token or VerifyScheme.None => OfToken(Encoding.UTF8.GetBytes(header.Signatures[0]), now),
            _ => OfContent(tried, header.Signatures, values, now),
        };
        return result.IsAuthentic && settings.Timestamp is { } timestamp && timestamp.IsStale(request.Timestamp, now)
            ? timestamp.IsRejected ? VerifyResult.Rejected(VerifyFailure.Stale) : result with { IsStale = true }
            : result;
    }

    /// <summary>Null where the templates read nothing of the body: then the body is not parsed before the proof.</summary>
    public static BodyPlan? PlanOf(IEnumerable<Template> templates)
        => templates.SelectMany(template => template.Paths).ToList() is { Count: > 0 } paths ? new BodyPlan(paths) : null;

    public static BodyValues? Read(BodyPlan? paths, ReadOnlyMemory<byte> body)
        => paths is not null && paths.TryRead(body, out var values, out _) ? values : null;

    /// <summary>
    /// Where a request names its key, no secret of another key is tried. The name is no proof: it only chooses among secrets.
    /// </summary>
    private IReadOnlyList<SourceSecret> NamedBy(string? keyId)
        => keyId is null ? secrets : [.. secrets.Where(secret => secret.KeyId is null || secret.KeyId == keyId)];

    private VerifyResult OfContent(
        IReadOnlyList<SourceSecret> tried, IReadOnlyList<string> signatures, in TemplateValues values, DateTimeOffset now)
    {
        var decoded = signatures.Select(text => SignatureBytes.Of(text, settings.IsBase64, settings.SignatureLength))
            .OfType<byte[]>().ToArray();
        if (decoded.Length == 0) return VerifyResult.Rejected(VerifyFailure.WrongForm);
        using var buffer = new TextBuffer();
        var isPerSecret = settings.Content.Reads(ReferenceKinds.Secret);
        if (!isPerSecret && !settings.Content.Append(values, buffer)) return VerifyResult.Rejected(VerifyFailure.MissingContent);
        var match = new SecretMatch(now);
        foreach (var secret in tried)
        {
            using var own = isPerSecret ? new TextBuffer() : null;
            if (own is not null && !settings.Content.Append(values with { Secret = Encoding.UTF8.GetBytes(secret.Text) }, own))
                return VerifyResult.Rejected(VerifyFailure.MissingContent);
            match.Add(secret, SignatureBytes.AnyIsOf(settings, secret, (own ?? buffer).Written, decoded));
        }

        return match.Result;
    }

    private VerifyResult OfJwt(IReadOnlyList<SourceSecret> tried, string token, DateTimeOffset now)
    {
        if (JwtClaims.Split(token) is not { } jwt) return VerifyResult.Rejected(VerifyFailure.WrongForm);
        var match = new SecretMatch(now);
        var content = Encoding.UTF8.GetBytes(jwt.Content);
        foreach (var secret in tried) match.Add(secret, SignatureBytes.AnyIsOf(settings, secret, content, jwt.Signature));
        return match.Result.IsAuthentic && !JwtClaims.AreValid(jwt.Content, now)
            ? VerifyResult.Rejected(VerifyFailure.Claims)
            : match.Result;
    }

    // Hashes have one length: a comparison of the values themselves would show the length of the secret.
    private VerifyResult OfToken(byte[]? token, DateTimeOffset now)
    {
        if (token is null) return VerifyResult.Rejected(VerifyFailure.WrongForm);
        var hash = SHA256.HashData(token);
        var match = new SecretMatch(now);
        foreach (var secret in secrets) match.Add(secret, CryptographicOperations.FixedTimeEquals(hash, secret.Hash));
        return match.Result;
    }
}
