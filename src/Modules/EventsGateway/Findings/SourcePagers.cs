using static Gateway.EventsGateway.Findings.FindingText;

namespace Gateway.EventsGateway.Findings;

/// <summary>Shares of a source that have changed, in PromQL.</summary>
internal static class SourcePagers
{
    private const string Change = "A share that changed: that of the last 5 minutes, less that of the day before.";

    public static PagerRule Rejects(FindingLimits limits)
    {
        const string rejected = """gateway_requests_rejected_total{reason!="unavailable"}""";
        return new PagerRule(
            $$"""
            (
              sum by (source, reason) (rate({{rejected}}[5m]))
                / on (source) group_left () {{AllOf("[5m]")}}
              - (
                sum by (source, reason) (rate({{rejected}}[1d] offset 5m))
                  / on (source) group_left () ({{AllOf("[1d] offset 5m")}} > 0)
                or 0 * sum by (source, reason) (rate({{rejected}}[5m]))
              )
            ) > {{Number(limits.Options.RejectedShare)}}
            and sum by (source, reason) (increase({{rejected}}[5m])) >= {{FindingLimits.MinRejected}}
            """,
            TimeSpan.FromMinutes(5),
            "{{ $labels.source }}: {{ $value | humanizePercentage }} more of the requests than usual are rejected, "
            + "{{ $labels.reason }}")
        { Comment = Change };
    }

    public static PagerRule Duplicates(FindingLimits limits)
    {
        const string duplicates = "gateway_events_duplicate_total";
        return new PagerRule(
            $$"""
            (
              sum by (source) (rate({{duplicates}}[5m]))
                / {{AllOf("[5m]")}}
              - (
                sum by (source) (rate({{duplicates}}[1d] offset 5m))
                  / ({{AllOf("[1d] offset 5m")}} > 0)
                or 0 * sum by (source) (rate({{duplicates}}[5m]))
              )
            ) > {{Number(limits.Options.DuplicateShare)}}
            and sum by (source) (increase({{duplicates}}[5m])) >= {{FindingLimits.MinDuplicates}}
            """,
            TimeSpan.FromMinutes(5),
            "{{ $labels.source }}: {{ $value | humanizePercentage }} more of the events than usual were sent before")
        { Comment = Change };
    }

    /// <summary>What a source has sent: rate() of several names at once would have equal labels.</summary>
    private static string AllOf(string range)
        => $$"""
        (
                sum by (source) (rate(gateway_events_accepted_total{{range}}))
                + sum by (source) (rate(gateway_events_duplicate_total{{range}}))
                + sum by (source) (rate(gateway_requests_rejected_total{reason!="unavailable"}{{range}}))
              )
        """;
}
