using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Sources;
using Gateway.EventsGateway.Sources.Verification;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Features.ListSources;

/// <summary>One source as operators see it. Counts are those of this process since its start.</summary>
public sealed record SourceDto
{
    /// <summary>The built-in source, whose settings are those of Gateway:Webhook.</summary>
    internal SourceDto(IReadOnlyList<SourceSecret> furtherSecrets, SourceRecord record, DateTimeOffset now)
        : this(CanonicalEvent.BuiltInSource, null, record, now)
    {
        var verify = BuiltInSource.Verify;
        (Preset, Path, Scheme) = (Name, EventsGatewayModule.IngestPath, verify.Scheme.Text());
        (Proof, Signature, SignedContent) = (ProofStrength.Signed.Text(), verify.Signature.ToString(), verify.Content.ToString());
        const string first = AcceptedEvent.BuiltInSecretId;
        Secrets =
        [
            new SecretDto(first, null, record.Secrets.GetValueOrDefault(first)),
            .. furtherSecrets.Select(
                secret => new SecretDto(secret.Id, secret.ExpiresAt, record.Secrets.GetValueOrDefault(secret.Id))),
        ];
    }

    internal SourceDto(Source source, SourceRecord record, DateTimeOffset now)
        : this(source.Name, source, record, now)
    {
        (Preset, Path, Scheme, Proof) = (source.Preset, source.Path.Text, source.Verify.Scheme.Text(), source.Proof.Text());
        Signature = source.Verify.Signature.ToString();
        SignedContent = source.Verify.Signs ? source.Verify.Content.ToString() : null;
        Secrets =
        [
            .. source.Verifier?.Secrets.Select(
                secret => new SecretDto(secret.Id, secret.ExpiresAt, record.Secrets.GetValueOrDefault(secret.Id))) ?? [],
        ];
    }

    private SourceDto(string name, Source? source, SourceRecord record, DateTimeOffset now)
    {
        // A process without ingest knows nothing of its senders.
        var health = source?.Verifier is null ? null : source.Health;
        Name = name;
        Since = IsoTime.Text(record.Start);
        LastRequestAt = record.LastRequestAt is { } last ? IsoTime.Text(last) : null;
        FailingSince = record.FailingSince is { } since ? IsoTime.Text(since) : null;
        LastFailure = record.LastFailure;
        FailuresInARow = record.FailuresInARow;
        (Accepted, Duplicates, Conflicts, Skipped, Unmapped, UnmappedRequests, Stale, Handshakes) = record.Counts;
        OpenContainers = record.OpenContainers;
        Rejected = record.Rejected;
        UnknownTypes = record.UnknownTypes;
        AcceptedByMinute = record.AcceptedByMinute;
        RejectedByMinute = record.RejectedByMinute;
        DisablesAfter = health?.DisablesAfter;
        SilenceAfterSeconds = health?.SilenceAfter?.TotalSeconds;
        GivesUpAfterSeconds = health?.GivesUpAfter?.TotalSeconds;
        Findings = [.. SourceFindings.Of(name, source, record, now).Select(finding => finding.Text)];
    }

    public string Name { get; }

    public string Preset { get; } = "";

    /// <summary>Where it posts to: a pattern, because a segment can be a secret.</summary>
    public string Path { get; } = "";

    public string Scheme { get; } = "";

    /// <summary>What a valid request proves: <c>signed</c> (the body), <c>identity only</c> or <c>none</c>.</summary>
    public string Proof { get; } = "";

    /// <summary>Where its proof stands, such as <c>{header.X-Signature}</c>.</summary>
    public string Signature { get; } = "";

    /// <summary>What its signature covers; null where it covers nothing.</summary>
    public string? SignedContent { get; }

    public IReadOnlyList<SecretDto> Secrets { get; } = [];

    /// <summary>Since when this process counts.</summary>
    public string Since { get; }

    public string? LastRequestAt { get; }

    /// <summary>The first of the failures since the last success.</summary>
    public string? FailingSince { get; }

    public string? LastFailure { get; }

    public long FailuresInARow { get; }

    public long Accepted { get; }

    public long Duplicates { get; }

    public long Conflicts { get; }

    public long Skipped { get; }

    /// <summary>Items that could not be mapped, and the requests that had such items.</summary>
    public long Unmapped { get; }

    public long UnmappedRequests { get; }

    /// <summary>Requests that wait in the store for a better mapping, of all processes.</summary>
    public long OpenContainers { get; }

    /// <summary>Accepted requests with a timestamp outside the tolerance.</summary>
    public long Stale { get; }

    public long Handshakes { get; }

    /// <summary>Requests by the reason of their rejection.</summary>
    public IReadOnlyDictionary<string, long> Rejected { get; }

    /// <summary>Types without an entry in the table, whose events are SHIPMENT_UPDATED; at most 20 of them.</summary>
    public IReadOnlyDictionary<string, long> UnknownTypes { get; }

    /// <summary>New events of the last 60 minutes, the current one last.</summary>
    public IReadOnlyList<long> AcceptedByMinute { get; }

    /// <summary>Requests of the last 60 minutes that were not answered with success.</summary>
    public IReadOnlyList<long> RejectedByMinute { get; }

    /// <summary>Failures in a row after which the sender sends no more.</summary>
    public int? DisablesAfter { get; }

    public double? SilenceAfterSeconds { get; }

    public double? GivesUpAfterSeconds { get; }

    /// <summary>What to look at, a sentence each.</summary>
    public IReadOnlyList<string> Findings { get; }
}
