using Gateway.EventsGateway.Features.ReceiveEvent.Rejections;
using Gateway.EventsGateway.Sources;
using Gateway.EventsGateway.Sources.Templates;
using Gateway.EventsGateway.Sources.Verification;

namespace Gateway.EventsGateway.Features.ReceiveEvent.FromSource;

/// <summary>
/// Requests by which a sender asks whether this is the right address. They have no proof, so they are never stored, and an answer
/// may repeat one value of theirs only if it cannot be markup.
/// </summary>
internal static class Handshakes
{
    public static SourceResult? OfQuery(Source source, RequestValues request)
    {
        foreach (var handshake in source.Handshakes)
        {
            if (handshake.IsIn(request)) return AnswerOf(handshake, new TemplateValues { Request = request });
        }

        return null;
    }

    public static SourceResult? OfBody(Source source, RequestValues request, ReadOnlyMemory<byte> body)
    {
        if (source.Handshakes.Count == 0) return null;
        var values = new TemplateValues { Request = request, Body = body, Json = Verifier.Read(source.HandshakePaths, body) };
        foreach (var handshake in source.Handshakes)
        {
            if (handshake.IsIn(values)) return AnswerOf(handshake, values);
        }

        return null;
    }

    private static SourceResult AnswerOf(Handshake handshake, in TemplateValues values)
    {
        if (handshake.Answer.Body is null) return new SourceResult.Handshake(handshake.Answer, "");
        return handshake.Answer.Body.Render(values) is { } body
            ? new SourceResult.Handshake(handshake.Answer, body)
            : new SourceResult.Rejected(Rejection.UnfitEcho);
    }
}
