using System.Text;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Sources;
using Gateway.EventsGateway.Sources.Mapping;
using Gateway.EventsGateway.Sources.Templates;
using Gateway.EventsGateway.Sources.Verification;
using Gateway.Shared.Errors;
using Gateway.Shared.Time;
using MediatR;

namespace Gateway.EventsGateway.Features.TrySource;

/// <summary>Reads a request as ingest would, in the same order. Stores nothing, and tells neither ledger nor metrics.</summary>
internal sealed class TrySourceHandler(CurrentSources sources, IEventQueries events, BuiltInTry builtIn, TimeProvider time)
    : IRequestHandler<TrySourceQuery, TrySourceResponse?>
{
    private const int MaxEvents = 20;

    public async Task<TrySourceResponse?> Handle(TrySourceQuery request, CancellationToken cancellationToken)
    {
        if (request.Name.Equals(CanonicalEvent.BuiltInSource, StringComparison.OrdinalIgnoreCase))
            return await builtIn.TryAsync(request.Request, cancellationToken);
        if (sources.Table.ByName(request.Name) is not { } source) return null;
        var (now, values) = (time.GetUtcNow(), request.Request.Values());
        var body = Encoding.UTF8.GetBytes(request.Request.Body ?? "");
        var handshake = HandshakeOf(source, request.Request.IsGet, values, body);
        var proof = source.Verifier?.Verify(values, body, now);
        var signature = ProofReader.Read(source.Verify, source.Verifier, proof, values, body, now);
        var mapped = source.Mapping.Map(values, body, now);
        var rejection = RejectionOf(source, request.Request.IsGet, proof, body.Length);
        return new TrySourceResponse(
            source.Name, source.Path.Text, source.Verify.Scheme.Text(), source.Proof.Text(),
            handshake is not null ? "handshake" : rejection is not null ? "rejected" : ResultOf(mapped),
            handshake is null ? rejection : null, handshake, signature,
            ProofReader.TimestampOf(source.Verify.Timestamp, values.Timestamp, now),
            new TriedMapping(
                CanonicalEvents.ErrorOf(mapped), mapped.IsSkipped, mapped.Items.Count,
                await ItemsOfAsync(source, mapped, cancellationToken)));
    }

    private static TriedHandshake? HandshakeOf(Source source, bool isGet, RequestValues request, byte[] body)
    {
        var values = new TemplateValues
        {
            Request = request, Body = body, Json = isGet ? null : Verifier.Read(source.HandshakePaths, body),
        };
        return source.Handshakes.FirstOrDefault(one => isGet ? one.IsIn(request) : one.IsIn(values)) is { } handshake
            ? new TriedHandshake(
                handshake.Answer.Status, handshake.Answer.Body is { } answer ? answer.Render(values) : "")
            : null;
    }

    private static string? RejectionOf(Source source, bool isGet, VerifyResult? proof, int length)
        => isGet ? "405: only a handshake is a GET"
            : length > source.MaxBodyBytes ? $"413: the body has {length} bytes, MaxBodyBytes is {source.MaxBodyBytes}"
            : proof is { IsAuthentic: false } failed ? $"401: {failed.Detail}"
            : null;

    private static string ResultOf(MappedRequest mapped)
        => CanonicalEvents.ErrorOf(mapped) is not null ? "unmapped"
            : mapped.Items.Any(item => item.Event is not null) ? "mapped" : "skipped";

    private async Task<IReadOnlyList<TriedEvent>> ItemsOfAsync(
        Source source, MappedRequest mapped, CancellationToken cancellationToken)
    {
        var (items, isStoreUp) = (new List<TriedEvent>(), true);
        foreach (var item in mapped.Items.Take(MaxEvents))
        {
            if (item.Event is not { } e)
            {
                items.Add(new TriedEvent { Index = item.Index, Error = item.Unmapped });
                continue;
            }

            var key = new EventKey(source.Name, e.EventId);
            var known = isStoreUp ? await IsKnownAsync(events, key, cancellationToken) : null;
            // One answer that does not come is enough to wait for.
            isStoreUp = known is not null;
            items.Add(ItemOf(item.Index, key, known, e));
        }

        return items;
    }

    /// <summary>Null where the store does not answer.</summary>
    public static async Task<bool?> IsKnownAsync(IEventQueries events, EventKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await events.FindAsync(key, cancellationToken) is not null
                || await events.FindTombstoneAsync(key, cancellationToken) is not null;
        }
        catch (BackendUnavailableException)
        {
            return null;
        }
    }

    private static TriedEvent ItemOf(int index, EventKey key, bool? known, MappedEvent e) => new()
    {
        Index = index, Key = key.ToString(), Known = known, EventId = e.EventId, MerchantId = e.MerchantId,
        ShipmentId = e.ShipmentId, Type = e.Type.Text(), TypeText = e.TypeText, TypeKnown = e.IsTypeKnown,
        OccurredAt = IsoTime.Text(e.OccurredAt), Details = e.Details,
    };
}
