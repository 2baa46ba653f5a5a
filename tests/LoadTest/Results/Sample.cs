namespace Gateway.LoadTest.Results;

/// <summary>One moment of a run. Latencies in milliseconds; null when nothing was promised in it.</summary>
/// <param name="At">Seconds since the run began.</param>
/// <param name="Rate">202s a second.</param>
/// <param name="ServerRss">Bytes.</param>
/// <param name="ServerCpu">Cores in use.</param>
/// <param name="ClientCpu">Cores that the load tool itself uses.</param>
internal sealed record Sample(
    double At, long Sent, long InFlight, double Rate, double? P50, double? P99, IReadOnlyDictionary<int, double> RateByStatus,
    long? ServerRss, double? ServerCpu, double ClientCpu);
