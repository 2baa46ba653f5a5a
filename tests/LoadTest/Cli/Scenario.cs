using System.CommandLine;

namespace Gateway.LoadTest.Cli;

/// <summary>A named load; options override what it sets.</summary>
internal sealed record Scenario(string Name, string Description)
{
    public static readonly Scenario None = new("", "");

    public static readonly IReadOnlyList<Scenario> All =
    [
        Simultaneous(100, TimeSpan.FromMilliseconds(150)),
        Simultaneous(1_000, null),
        Simultaneous(10_000, null),
        new("soak", "10 minutes of overload; 503s are allowed; with --pid the gateway's memory must stay flat")
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

    public static Argument<string?> Argument()
    {
        var argument = new Argument<string?>("scenario")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "A named load; options override its settings.\n"
                + string.Join('\n', All.Select(one => $"{one.Name}: {one.Description}")),
        };
        argument.AcceptOnlyFromAmong([.. All.Select(one => one.Name)]);
        return argument;
    }

    private static Scenario Simultaneous(int webhooks, TimeSpan? maxP99)
        => new($"seed-{webhooks}", $"{webhooks:N0} simultaneous webhooks, each on its own connection"
                                   + (maxP99 is { } limit ? $", p99 at most {limit.TotalMilliseconds} ms" : "")
                                   + ", all answered 202; --drain checks that no event is lost")
        {
            Requests = webhooks,
            Burst = true,
            MaxP99 = maxP99,
            MaxUnknown = 0,
        };
}
