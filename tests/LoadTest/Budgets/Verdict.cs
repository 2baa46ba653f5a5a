namespace Gateway.LoadTest.Budgets;

/// <summary>One budget and whether it was kept.</summary>
internal sealed record Verdict(string Budget, string Limit, string Measured, bool IsKept);
