using System.Security.Cryptography;
using System.Text;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Sources.Mapping;
using Gateway.EventsGateway.Sources.Templates;

namespace Gateway.EventsGateway.Sources;

/// <summary>
/// Makes the events of a request of a configured source, and the container of what could not be mapped. Ids are determined by the
/// request: a repeat of it, and a replay of its container, make the same keys.
/// </summary>
internal static class CanonicalEvents
{
    private const int MaxError = 1000;

    public static IEnumerable<AcceptedEvent> Of(
        Source source, MappedRequest mapped, ReadOnlyMemory<byte> body, string? secretId, DateTimeOffset receivedAt)
    {
        var digest = source.Mapping.Plan.HasEach ? DigestOf(body.Span) : null;
        foreach (var item in mapped.Items)
        {
            if (item.Event is not { } e) continue;
            yield return new AcceptedEvent
            {
                AcceptId = Guid.CreateVersion7(receivedAt),
                Key = new EventKey(source.Name, e.EventId),
                MerchantId = e.MerchantId,
                ShipmentId = e.ShipmentId,
                Type = e.Type,
                OccurredAt = e.OccurredAt,
                EffectiveAt = e.EffectiveAt,
                ReceivedAt = receivedAt,
                Source = source.Name,
                SecretId = secretId,
                AfterEnd = source.AfterEnd,
                Details = e.Details,
                Body = item.Slice.ToArray(),
                ItemIndex = digest is null ? null : item.Index,
                RequestDigest = digest,
            };
        }
    }

    /// <summary>Null where the whole request is mapped, or skipped without being kept.</summary>
    public static AcceptedEvent? ContainerOf(
        Source source, MappedRequest mapped, ReadOnlyMemory<byte> body, RequestValues request, string? secretId,
        DateTimeOffset receivedAt)
        => ErrorOf(mapped) is not { } error ? null : AcceptedEvent.Container(
            new EventKey(AcceptedEvent.ContainerCompany, $"{source.Name}:{DigestOf(source, body.Span, request)}"),
            body.ToArray(), receivedAt, source.Name, error) with
        {
            SecretId = secretId,
        };

    /// <summary>What is missing or wrong: of the whole request, or of its items by their index.</summary>
    public static string? ErrorOf(MappedRequest mapped)
    {
        if (mapped.IsKept) return "kept: Take leaves this request out";
        if (mapped.Unmapped is { } whole) return whole;
        var text = new StringBuilder();
        foreach (var item in mapped.Items)
        {
            if (item.Unmapped is null) continue;
            if (text.Length > MaxError) return $"{text}; …";
            if (text.Length > 0) text.Append("; ");
            if (mapped.Items.Count > 1) text.Append($"item {item.Index}: ");
            text.Append(item.Unmapped);
        }

        return text.Length == 0 ? null : text.ToString();
    }

    /// <summary>Of the body, and of the values beside it that the ids of its events are made of; never of a secret.</summary>
    private static string DigestOf(Source source, ReadOnlySpan<byte> body, RequestValues request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(body);
        var ofIds = source.Mapping.Fields.First(field => field.Name == "Map.Id").Template.References;
        foreach (var part in source.MappedParts.Intersect(ofIds))
            hash.AppendData(Encoding.UTF8.GetBytes($"\n{part}={KeptValues.ValueOf(part, request)}"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string DigestOf(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));
}
