using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Sources.Templates;
using Gateway.EventsGateway.Sources.Verification;
using MediatR;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Sources;

/// <summary>How the built-in source is verified, in the words of a configured one: its own requests take a shorter way.</summary>
internal static class BuiltInSource
{
    public static readonly VerifySettings Verify = new()
    {
        Scheme = VerifyScheme.HmacSha256,
        Signature = Parsed($"{{header.{EventsGatewayModule.SignatureHeader}}}", TemplatePlace.Signature),
        Content = Parsed("{body}", TemplatePlace.Content),
    };

    /// <param name="webhookSecret">Gateway:Webhook:Secret; empty in a process without ingest.</param>
    /// <param name="further">Those of a rotation.</param>
    public static Verifier? VerifierOf(string webhookSecret, IReadOnlyList<SourceSecret> further)
    {
        const string id = AcceptedEvent.BuiltInSecretId;
        var first = SourceSecret.Create(id, webhookSecret, null, VerifyScheme.HmacSha256, KeyForm.Utf8, out _);
        return first is null ? null : new Verifier(Verify, [first, .. further]);
    }

    private static Template Parsed(string text, TemplatePlace place)
        => Template.TryParse(text, place, out var template, out var error)
            ? template : throw new InvalidOperationException(error);
}

/// <summary>Reads a request of the built-in source as ingest does, but for its signature. ReceiveEvent answers.</summary>
internal sealed record ReadBuiltInQuery(IHeaderDictionary Headers, ReadOnlyMemory<byte> Body) : IRequest<BuiltInReading>;

/// <param name="BeforeProof">Why it is rejected before the signature is verified; else null.</param>
/// <param name="AfterProof">Why it is rejected although the signature is right; else null.</param>
/// <param name="Event">Null where the body has no valid event.</param>
internal sealed record BuiltInReading(string? BeforeProof, string? AfterProof, AcceptedEvent? Event);
