using System.Buffers.Text;
using System.Text;
using Gateway.EventsGateway.Sources.Bodies;
using Gateway.EventsGateway.Sources.Templates;
using Gateway.EventsGateway.Sources.Verification;

namespace Gateway.EventsGateway.Sources.Samples;

/// <param name="Target">Path and query.</param>
/// <param name="Headers">With the proof.</param>
/// <param name="Body">The bytes of the sample; with timestamp and proof where they stand in the body.</param>
/// <param name="Proof">What headers, target or body hold as the proof.</param>
internal sealed record SignedSample(string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body, SampleProof Proof);

/// <param name="Text">As it is sent, without what stands around it.</param>
/// <param name="Content">What it signs; null where it is the same in every request.</param>
internal sealed record SampleProof(string Text, byte[]? Content);

/// <summary>Makes a sample a request that its own source accepts: for a first try, and for tests of load.</summary>
internal static class SampleSigner
{
    /// <summary>Null where only the sender has the key, or where the sample lacks a part.</summary>
    public static SignedSample? Sign(Source source, SourceSample sample, SourceSecret secret, DateTimeOffset now)
    {
        var verify = source.Verify;
        if (verify.Scheme == VerifyScheme.RsaSha256) return null;
        var headers = new Dictionary<string, string>(sample.Headers, StringComparer.OrdinalIgnoreCase);
        var pairs = new Dictionary<string, string>();
        var (written, body) = (verify.Timestamp?.Text(now), sample.Body);
        if (verify.Timestamp?.From.References[0] is { } from)
        {
            if (from.Kind == ReferenceKinds.Header) headers[from.Name] = written!;
            if (from.Kind == ReferenceKinds.Pair) pairs[from.Name] = written!;
            if (from.Path is { } path) body = BodyValues.With(body, path, written!);
        }

        if (body is null) return null;
        var request = RequestValues.Of(headers, route: new Dictionary<string, string>());
        (request.Pairs, request.Timestamp) = (pairs, written);
        if (ProofOf(verify, request, body, secret) is not { } proof) return null;
        return Placed(source, body, headers, verify.Written(pairs, proof.Text), proof);
    }

    private static SampleProof? ProofOf(VerifySettings verify, RequestValues request, byte[] body, SourceSecret secret)
    {
        switch (verify.Scheme)
        {
            case VerifyScheme.Basic:
                return new($"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(secret.Text))}", null);
            case VerifyScheme.Token or VerifyScheme.None:
                return new(secret.Text, null);
            case VerifyScheme.JwtHs256:
                var claims = $"{Base64Url.EncodeToString("""{"alg":"HS256"}"""u8)}.{Base64Url.EncodeToString("{}"u8)}";
                return new($"{claims}.{Base64Url.EncodeToString(HashOf(verify, secret, Encoding.UTF8.GetBytes(claims)))}", null);
            default:
                using (var content = new TextBuffer())
                {
                    var values = new TemplateValues
                    {
                        Request = request, Body = body, Secret = Encoding.UTF8.GetBytes(secret.Text),
                        Json = Verifier.Read(Verifier.PlanOf([verify.Content]), body),
                    };
                    if (!verify.Content.Append(values, content)) return null;
                    var hash = HashOf(verify, secret, content.Written);
                    var text = verify.IsBase64 ? Convert.ToBase64String(hash) : Convert.ToHexStringLower(hash);
                    return new(text, content.Written.ToArray());
                }
        }
    }

    private static byte[] HashOf(VerifySettings verify, SourceSecret secret, ReadOnlySpan<byte> content)
    {
        var hash = new byte[verify.SignatureLength];
        SignatureBytes.Hash(verify.Scheme, secret.Key, content, hash);
        return hash;
    }

    private static SignedSample? Placed(
        Source source, byte[] body, Dictionary<string, string> headers, string written, SampleProof proof)
    {
        var (place, target) = (source.Verify.Signature.References[0], source.Path.Text);
        foreach (var name in source.Path.Names)
        {
            var isProof = place.Kind == ReferenceKinds.Route && place.Name == name;
            target = target.Replace($"{{{name}}}", isProof ? Uri.EscapeDataString(written) : name);
        }

        switch (place.Kind)
        {
            case ReferenceKinds.Header:
                headers[place.Name] = written;
                break;
            case ReferenceKinds.Query:
                target += $"?{place.Name}={Uri.EscapeDataString(written)}";
                break;
            case ReferenceKinds.Path:
                // A signature cannot be a part of what it signs.
                var isSigned = source.Verify.Signs && source.Verify.Content.Reads(ReferenceKinds.Body);
                if (isSigned || BodyValues.With(body, place.Path!, written) is not { } proven) return null;
                body = proven;
                break;
        }

        return new SignedSample(target, headers, body, proof);
    }
}
