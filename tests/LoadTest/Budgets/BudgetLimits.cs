namespace Gateway.LoadTest.Budgets;

/// <summary>What must hold; null is no limit.</summary>
/// <param name="MaxWall">Of a burst, from the release to the last answer.</param>
/// <param name="MaxUnknown">Share of requests without a promise or a refusal.</param>
/// <param name="MinSettledRate">Settled events a second between the tenth and the ninetieth hundredth.</param>
/// <param name="MaxRss">Bytes, the gateway's highest.</param>
/// <param name="MaxRssGrowth">Share by which the gateway's memory may have grown at the end.</param>
internal sealed record BudgetLimits(
    TimeSpan? MaxP50, TimeSpan? MaxP99, TimeSpan? MaxWall, double? MinRate, double? MaxUnknown, double? MinSettledRate,
    double? MinRatioCeiling, double? MinRatioPublish, long? MaxRss, double? MaxRssGrowth);
