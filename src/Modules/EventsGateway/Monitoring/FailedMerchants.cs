namespace Gateway.EventsGateway.Monitoring;

/// <summary>
/// Whose events failed last in this process, by outcome. Not a metric: a label for each merchant has no bound.
/// </summary>
internal sealed class FailedMerchants
{
    private const int Kept = 100;

    private const double NearlyAll = 0.8;

    private readonly Lock _changing = new();
    private readonly Queue<(string Outcome, string Merchant)> _latest = new(Kept);

    public void Add(string outcome, string merchant)
    {
        lock (_changing)
        {
            if (_latest.Count == Kept) _latest.Dequeue();
            _latest.Enqueue((outcome, merchant));
        }
    }

    /// <summary>The merchant of nearly all of the latest failed events of each outcome, where there is one.</summary>
    public IReadOnlyDictionary<string, string> ByOutcome()
    {
        lock (_changing)
        {
            return _latest.GroupBy(one => one.Outcome, one => one.Merchant)
                .Select(same => (Outcome: same.Key, All: same.Count(), Most: same.CountBy(one => one).MaxBy(one => one.Value)))
                .Where(same => same.Most.Value >= NearlyAll * same.All)
                .ToDictionary(same => same.Outcome, same => same.Most.Key);
        }
    }
}
