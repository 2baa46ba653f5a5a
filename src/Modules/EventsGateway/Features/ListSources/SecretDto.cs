using Gateway.EventsGateway.Monitoring;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Features.ListSources;

/// <summary>A secret without its value.</summary>
public sealed record SecretDto
{
    internal SecretDto(string id, DateTimeOffset? expiresAt, SecretUse use)
    {
        Id = id;
        ExpiresAt = expiresAt is { } end ? IsoTime.Text(end) : null;
        Requests = use.Requests;
        LastUsedAt = use.Requests > 0 ? IsoTime.Text(use.LastAt) : null;
    }

    public string Id { get; }

    public string? ExpiresAt { get; }

    /// <summary>Requests that it has verified.</summary>
    public long Requests { get; }

    public string? LastUsedAt { get; }
}
