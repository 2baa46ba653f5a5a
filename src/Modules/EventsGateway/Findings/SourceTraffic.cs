using Gateway.EventsGateway.Monitoring;

namespace Gateway.EventsGateway.Findings;

/// <summary>What a source has sent within a time.</summary>
/// <param name="Accepted">New events.</param>
/// <param name="Duplicates">Events that were accepted before.</param>
/// <param name="Rejected">Requests by the reason of their rejection, without those answered 503.</param>
internal sealed record SourceTraffic(long Accepted, long Duplicates, IReadOnlyDictionary<string, long> Rejected)
{
    public static readonly SourceTraffic None = new(0, 0, new Dictionary<string, long>());

    public long Total => Accepted + Duplicates + Rejected.Values.Sum();

    public double DuplicateShare => ShareOf(Duplicates);

    public double RejectedShare(string reason) => ShareOf(Rejected.GetValueOrDefault(reason));

    public static SourceTraffic Of(SourceRecord record) => new(
        record.Counts.Accepted, record.Counts.Duplicates,
        record.Rejected.Where(one => one.Key != RejectionReason.Unavailable).ToDictionary());

    public static SourceTraffic operator -(SourceTraffic now, SourceTraffic before) => new(
        now.Accepted - before.Accepted, now.Duplicates - before.Duplicates,
        now.Rejected.ToDictionary(one => one.Key, one => one.Value - before.Rejected.GetValueOrDefault(one.Key)));

    private double ShareOf(long part) => Total == 0 ? 0 : (double)part / Total;
}
