using Gateway.EventsGateway.Sources;
using static Gateway.EventsGateway.Findings.FindingText;

namespace Gateway.EventsGateway.Findings;

/// <summary>The senders. What a source says of itself is computed by <see cref="SourceFindings"/>.</summary>
internal static class SourceRules
{
    public static IEnumerable<FindingRule> Of(FindingLimits limits) =>
    [
        new(SourceFindings.Fails, Severity.Warning, Known(SourceFindings.Fails))
        {
            IsOfAll = true,
            Pager = new(
                $"min by (source) (gateway_source_failures_in_a_row) >= {SourceFindings.MinFailures}", TimeSpan.FromMinutes(5),
                "{{ $labels.source }}: at least {{ $value }} requests in a row were not accepted")
            { Comment = "Of every process at once: requests of one that never succeed are those of anybody who knows the path." },
        },
        new(SourceFindings.Disables, Severity.Warning, Known(SourceFindings.Disables))
        { IsOfAll = true, PageOnly = "no metric has DisablesAfter of a source; source-fails fires before" },
        new(SourceFindings.Silent, Severity.Warning, Known(SourceFindings.Silent))
        {
            IsOfAll = true,
            Pager = new(
                "min by (source) (gateway_source_silence_seconds) > max by (source) (gateway_source_silence_limit_seconds)",
                TimeSpan.FromMinutes(5), "{{ $labels.source }} has sent nothing for {{ $value | humanizeDuration }}")
            { Comment = "The process that was asked last decides. The limit is Health.SilenceAfter of the source." },
        },
        new(SourceFindings.Unmapped, Severity.Warning, Known(SourceFindings.Unmapped))
        { PageOnly = "needs the store, which has the requests that wait; gateway_events_unmapped_total counts them" },
        new(SourceFindings.SecretExpired, Severity.Warning, Known(SourceFindings.SecretExpired))
        { PageOnly = "no metric has the ends of secrets; source-fails fires with the first requests" },
        new("ingest-rejects", Severity.Warning, figures =>
            from source in figures.Sources
            from reason in source.Recent.Rejected
            let share = source.Recent.RejectedShare(reason.Key)
            let usual = source.Usual.RejectedShare(reason.Key)
            where reason.Value >= FindingLimits.MinRejected && share - usual > limits.Options.RejectedShare
            select new Finding(
                $"{source.Name}: {Percent(share)} of the requests of the last 5 minutes rejected, "
                + $"{SourceFindings.ReasonText(reason.Key)} ({Count(reason.Value, "request")}; usual {Percent(usual)}).",
                SourceFindings.AdviceOf(reason.Key), ConsoleLink.Source(source.Name))
            { Source = source.Name, About = reason.Key })
        { Pager = SourcePagers.Rejects(limits) },
        new("duplicates", Severity.Warning, figures =>
            from source in figures.Sources
            let share = source.Recent.DuplicateShare
            let usual = source.Usual.DuplicateShare
            where source.Recent.Duplicates >= FindingLimits.MinDuplicates && share - usual > limits.Options.DuplicateShare
            select new Finding(
                $"{source.Name}: {Percent(share)} of the events of the last 5 minutes were sent before "
                + $"({Count(source.Recent.Duplicates, "duplicate")}; usual {Percent(usual)}).",
                "Duplicates have no second effect. Ask the sender whether it sends old events again, or gets no timely answer.",
                ConsoleLink.Source(source.Name)) { Source = source.Name })
        { Pager = SourcePagers.Duplicates(limits) },
    ];

    private static Func<Figures, IEnumerable<Finding>> Known(string id) => figures =>
        from source in figures.Sources
        from known in source.Known
        where known.Id == id
        select new Finding($"{known.Text}.", known.Advice, ConsoleLink.Source(source.Name))
        { Source = source.Name, Since = known.Since };
}
