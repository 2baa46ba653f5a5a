using System.Text;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Sources;
using Gateway.EventsGateway.Sources.Verification;
using Gateway.Shared.Time;
using MediatR;

namespace Gateway.EventsGateway.Features.TrySource;

/// <summary>Tries a request of the built-in source, whose events are read by rules of their own.</summary>
internal sealed class BuiltInTry(CurrentSources sources, IMediator mediator, IEventQueries events, TimeProvider time)
{
    public async Task<TrySourceResponse> TryAsync(TrySourceDto request, CancellationToken cancellationToken)
    {
        var (values, body) = (request.Values(), Encoding.UTF8.GetBytes(request.Body ?? ""));
        var (verifier, now) = (sources.Table.BuiltInVerifier, time.GetUtcNow());
        var proof = verifier?.Verify(values, body, now);
        var signature = ProofReader.Read(BuiltInSource.Verify, verifier, proof, values, body, now);
        var reading = await mediator.Send(new ReadBuiltInQuery(values.Headers, body), cancellationToken);
        var rejection = request.IsGet ? "405: this path takes POST"
            : reading.BeforeProof ?? (proof is { IsAuthentic: false } failed ? $"401: {failed.Detail}" : reading.AfterProof);
        IReadOnlyList<TriedEvent> tried = reading.Event is { } e
            ? [Of(e, await TrySourceHandler.IsKnownAsync(events, e.Key, cancellationToken))]
            : [];
        return new TrySourceResponse(
            CanonicalEvent.BuiltInSource, EventsGatewayModule.IngestPath, BuiltInSource.Verify.Scheme.Text(),
            ProofStrength.Signed.Text(), rejection is null ? "mapped" : "rejected", rejection, Handshake: null, signature,
            Timestamp: null, new TriedMapping(reading.AfterProof, Skipped: false, tried.Count, tried));
    }

    private static TriedEvent Of(AcceptedEvent e, bool? known) => new()
    {
        Index = 0, Key = e.Key.ToString(), Known = known, EventId = e.Key.EventId, MerchantId = e.MerchantId,
        ShipmentId = e.ShipmentId, Type = e.Type.Text(), TypeText = e.Type.Text(), TypeKnown = true,
        OccurredAt = IsoTime.Text(e.OccurredAt), Details = e.Details,
    };
}
