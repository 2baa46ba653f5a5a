namespace Gateway.LoadTest.Cli;

/// <summary>The parsed command line.</summary>
internal sealed record LoadOptions
{
    public required string Scenario { get; init; }

    public required Uri Url { get; init; }

    public required string Secret { get; init; }

    public string? ApiKey { get; init; }

    public long? Requests { get; init; }

    public TimeSpan? Duration { get; init; }

    public required int Concurrency { get; init; }

    public RateGoal? Rate { get; init; }

    public double Duplicates { get; init; }

    public bool Burst { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required WarmUp WarmUp { get; init; }

    public required int Rounds { get; init; }

    public bool Drain { get; init; }

    public required TimeSpan DrainLimit { get; init; }

    public bool Compare { get; init; }

    /// <summary>A second gateway, loaded in turn with the first.</summary>
    public Uri? Against { get; init; }

    public SourceOptions Sources { get; init; } = new();

    public string TargetName => SourceOptions.Text(Sources.Shares);

    /// <summary>What is loaded in turn with the gateway; null without such a target.</summary>
    public string? OtherName => Sources.Against is { Count: > 0 } against
        ? Against is null ? SourceOptions.Text(against) : $"{SourceOptions.Text(against)} at {Against}"
        : Against is null ? null : $"gateway at {Against}";

    /// <summary>Several targets are loaded in turn.</summary>
    public bool HasComparison => Compare || OtherName is not null;

    public string? CompareRedis { get; init; }

    public string? CompareRabbitMq { get; init; }

    public int? ProcessId { get; init; }

    public required string ReportFolder { get; init; }

    public required BudgetLimits Budgets { get; init; }

    /// <summary>The report.json of an earlier run.</summary>
    public string? Baseline { get; init; }

    /// <summary>For the report, without secrets.</summary>
    public Dictionary<string, string> Texts()
    {
        var texts = new Dictionary<string, string> { ["gateway"] = Url.ToString() };
        if (Scenario.Length > 0) texts["scenario"] = Scenario;
        texts["load"] = Burst ? "burst: all requests at once, one connection per request"
            : Rate is { } rate ? $"open loop, {rate}" : "closed loop";
        texts["sources"] = TargetName;
        texts["connections"] = $"{Concurrency}";
        if (Requests is { } requests) texts["requests"] = $"{requests}";
        if (Duration is { } duration) texts["duration"] = Units.Text(duration);
        texts["duplicates"] = FormattableString.Invariant($"{Duplicates:0.##%}");
        texts["rounds"] = $"{Rounds}";
        texts["warm-up"] = WarmUp.ToString();
        texts["timeout"] = Units.Text(Timeout);
        if (ProcessId is { } id) texts["process"] = $"{id}";
        return texts;
    }
}
