using Gateway.EventsGateway.Monitoring;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Findings;

/// <summary>
/// All rules: the page, the status, the messages of alerts and the rules file of Prometheus come from this table. Of two
/// findings with one severity the earlier rule is the more probable cause.
/// </summary>
internal sealed class FindingRules(IOptions<HealthOptions> options)
{
    public IReadOnlyList<FindingRule> All { get; } = Of(new FindingLimits(options.Value));

    public FindingRule ById(string id) => All.First(rule => rule.Id == id);

    private static FindingRule[] Of(FindingLimits limits) =>
    [
        .. BackendRules.Of(), .. IngestRules.Of(limits), .. RoutingRules.Of(), .. WorkerRules.Of(limits),
        .. EventRules.Of(limits), .. SourceRules.Of(limits), .. ProcessRules.Of(),
    ];
}
