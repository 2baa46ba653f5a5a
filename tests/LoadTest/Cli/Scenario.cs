namespace Gateway.LoadTest.Cli;

/// <summary>A load with a name; options given beside it override what it sets.</summary>
internal sealed record Scenario(string Name, string Meaning)
{
    public static readonly Scenario None = new("", "");

    public static readonly IReadOnlyList<Scenario> All =
    [
        Simultaneous(100, TimeSpan.FromMilliseconds(150)),
        Simultaneous(1_000, null),
        Simultaneous(10_000, null),
        new("soak", "10 minutes of overload, 503s allowed; --pid checks that the gateway's memory stays flat")
        {
            Duration = TimeSpan.FromMinutes(10),
            Concurrency = 5_000,
            MaxUnknown = 1,
            MaxRssGrowth = 0.10,
        },
    ];

    public long? Requests { get; private init; }

    public TimeSpan? Duration { get; private init; }

    public int? Concurrency { get; private init; }

    public bool Burst { get; private init; }

    public TimeSpan? MaxP99 { get; private init; }

    public double? MaxUnknown { get; private init; }

    public double? MaxRssGrowth { get; private init; }

    private static Scenario Simultaneous(int webhooks, TimeSpan? maxP99)
        => new($"seed-{webhooks}", $"{webhooks:N0} webhooks at the same moment, each on its own connection"
                                   + (maxP99 is { } limit ? $", answered within {limit.TotalMilliseconds} ms" : "")
                                   + ", all answered 202; --drain checks that none is lost")
        {
            Requests = webhooks,
            Burst = true,
            MaxP99 = maxP99,
            MaxUnknown = 0,
        };
}
