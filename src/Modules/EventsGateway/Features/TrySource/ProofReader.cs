using System.Buffers.Text;
using System.Text;
using Gateway.EventsGateway.Sources.Bodies;
using Gateway.EventsGateway.Sources.Templates;
using Gateway.EventsGateway.Sources.Verification;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Features.TrySource;

/// <summary>Says how a source reads the proof of a request. The verifier decides; this repeats its steps as text.</summary>
internal static class ProofReader
{
    private const int MaxContent = 4096;
    private const int ExpectedCharacters = 4;

    /// <param name="verify">How the source is verified.</param>
    /// <param name="verifier">Its verifier; null in a process without secrets.</param>
    /// <param name="proof">The result of its verifier.</param>
    /// <param name="request">Gets the pairs and the timestamp of the signature, which the mapping may read.</param>
    /// <param name="body">The body.</param>
    /// <param name="now">The time of the request.</param>
    public static TriedSignature Read(
        VerifySettings verify, Verifier? verifier, VerifyResult? proof, RequestValues request, byte[] body, DateTimeOffset now)
    {
        var values = new TemplateValues
        {
            Request = request, Body = body, Json = Verifier.Read(Verifier.PlanOf(verify.Templates), body),
        };
        var signature = new TriedSignature
        {
            From = verify.Signature.ToString(), Parse = NameOf(verify.Form), SecretId = proof?.SecretId,
            Failure = proof is { } result ? result.Detail : "this process has no secrets: it has no ingest",
        };
        if (verify.Signature.Render(values) is not { } text) return signature;
        var header = SignatureHeader.Parse(text, verify.Form, verify.Prefix, verify.Separator, verify.Field);
        request.Pairs = header.Pairs;
        request.Timestamp = verify.Timestamp?.From.Render(values);
        signature = signature with
        {
            Characters = text.Length, Pairs = header.Pairs,
            KeyId = header.Signatures.Count == 0 ? null : verify.KeyIdOf(header, values),
        };
        if (verify.Signs) signature = WithContent(signature, verify, values);
        if (verify.Signs || verify.Scheme == VerifyScheme.JwtHs256)
            signature = signature with { Signatures = header.Signatures };
        if (proof is not { IsAuthentic: false }) return signature;
        var live = verifier!.Secrets.Where(secret => secret.IsLive(now)).ToList();
        return signature with
        {
            ExpectedEnd = live.Select(secret => (secret.Id, End: ExpectedEnd(verify, values, secret, header)))
                .Where(one => one.End is not null).ToDictionary(one => one.Id, one => one.End!),
            WouldMatch = proof.Value.Failure is VerifyFailure.WrongForm or VerifyFailure.NotMatching
                ? [.. live.SelectMany(secret => SignatureVariants.Matching(verify, secret, text, values))]
                : [],
        };
    }

    public static TriedTimestamp? TimestampOf(TimestampSettings? settings, string? text, DateTimeOffset now)
    {
        if (settings is null) return null;
        var at = text is null ? null : settings.Times.Read(text);
        return new TriedTimestamp(
            text, at is { } known ? IsoTime.Text(known) : null, at is { } sent ? (now - sent).TotalSeconds : null,
            settings.Tolerance.TotalSeconds, settings.IsStale(text, now), settings.IsRejected);
    }

    /// <summary>Null where a part of it is missing.</summary>
    public static byte[]? ContentOf(Template content, in TemplateValues values, SourceSecret secret)
    {
        using var buffer = new TextBuffer();
        return content.Append(values with { Secret = Encoding.UTF8.GetBytes(secret.Text) }, buffer)
            ? buffer.Written.ToArray()
            : null;
    }

    public static string NameOf<T>(T choice) where T : struct, Enum => choice.ToString().ToLowerInvariant();

    private static TriedSignature WithContent(TriedSignature signature, VerifySettings verify, in TemplateValues values)
    {
        var content = verify.Content.Render(values with { Secret = "***"u8.ToArray() }, out var missing);
        var bytes = Encoding.UTF8.GetBytes(content ?? "");
        return signature with
        {
            MissingContent = missing,
            Content = content is null || bytes.Length <= MaxContent
                ? content
                : Encoding.UTF8.GetString(bytes.AsSpan(0, MaxContent)) + "…",
        };
    }

    private static string? ExpectedEnd(
        VerifySettings verify, in TemplateValues values, SourceSecret secret, SignatureHeader header)
    {
        var content = verify.Scheme == VerifyScheme.JwtHs256
            ? header.Signatures is [var token, ..] && JwtClaims.Split(token) is var (signed, _)
                ? Encoding.UTF8.GetBytes(signed) : null
            : verify.Signs && verify.Scheme != VerifyScheme.RsaSha256 ? ContentOf(verify.Content, values, secret)
            : null;
        if (content is null) return null;
        var hash = new byte[verify.SignatureLength];
        SignatureBytes.Hash(verify.Scheme, secret.Key, content, hash);
        var text = verify.Scheme == VerifyScheme.JwtHs256 ? Base64Url.EncodeToString(hash)
            : verify.IsBase64 ? Convert.ToBase64String(hash)
            : Convert.ToHexStringLower(hash);
        return text[^ExpectedCharacters..];
    }
}
