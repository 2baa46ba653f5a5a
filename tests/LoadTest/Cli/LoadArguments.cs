using System.CommandLine;

namespace Gateway.LoadTest.Cli;

/// <summary>The arguments of the command line, each with its sentence.</summary>
internal sealed class LoadArguments
{
    private const string Purpose =
        "Puts load on a webhook gateway with signed, unique events, and checks what became of them.\n\n"
        + "Exit code: 0 all well, 1 something is wrong (an unexpected answer, an event lost or doubled, a budget broken), 2 it could not run.";

    private const string DevelopmentSecret = "development-secret-not-for-production";

    // A byte is kept of each.
    private const long MostRequests = 1_000_000_000;

    private readonly Argument<string?> _scenario = ScenarioArgument();
    private readonly Option<Uri?> _url =
        OptionOf.Parsed<Uri?>("--url", "The gateway. Default: http://localhost:3000.", OptionOf.HttpUri);
    private readonly Option<string?> _secret =
        new("--secret") { Description = "Signs the webhooks. Default: WEBHOOK_SECRET, else the development secret." };
    private readonly Option<string?> _apiKey =
        new("--api-key") { Description = "The operator's key, for --drain. Default: OPERATOR_API_KEY." };
    private readonly Option<long?> _requests =
        OptionOf.Count("--requests", "Ends after so many requests, repeats included.", MostRequests);
    private readonly Option<TimeSpan?> _duration =
        Time("--duration", "Ends after this time: 500ms, 30s, 10m. Default, without --requests: 10s.");
    private readonly Option<int?> _concurrency =
        OptionOf.Count("--concurrency", "Connections, each with one request at a time. Default: 100.", BurstRules.MostConnections);
    private readonly Option<RateGoal?> _rate =
        Parsed<RateGoal?>("--rate", "Open loop: requests a second, whatever the answers do (latency counts from when each was "
            + "due); 20% is a share of the target's own top rate, which is measured first.", RateGoal.TryParse, RateGoal.Bounds);
    private readonly Option<double?> _duplicates =
        Share("--duplicates", "Share of events that are sent twice or more: 0.2 or 20%.");
    private readonly Option<bool> _burst =
        new("--burst") { Description = "Opens a connection for every request, then releases all of them at once." };
    private readonly Option<TimeSpan?> _timeout =
        Time("--timeout", "A request without an answer for so long is given up as unknown. Default: 15s.");
    private readonly Option<WarmUp?> _warmUp =
        Parsed<WarmUp?>("--warmup", "Not measured, before every target's first round: a time (3s), a number of requests, or 0. "
            + "Default: 3s; with --burst or --drain 2000 requests.", WarmUp.TryParse);
    private readonly Option<int> _rounds =
        new("--rounds") { Description = "Repeats everything so often and tells minimum, median and maximum.", DefaultValueFactory = _ => 1 };
    private readonly Option<bool> _drain =
        new("--drain") { Description = "Waits until every accepted event is settled, then checks that none is lost, doubled or "
            + "invented." };
    private readonly Option<TimeSpan?> _drainLimit = Time("--drain-limit", "How long --drain waits at most. Default: 10m.");
    private readonly Option<bool> _compare =
        new("--compare") { Description = "Loads, in turn with the gateway, an endpoint that stores nothing (the ceiling) and "
            + "one that publishes each request by itself." };
    private readonly Option<Uri?> _against =
        Parsed<Uri?>("--against", "A second gateway, with other settings or of another version, loaded in turn with the first; the ratio "
            + "is told. It has the same secret and operator key.", OptionOf.HttpUri);
    private readonly Option<string?> _compareRedis =
        new("--compare-redis") { Description = "host:port for the publishing endpoint's SET NX. Default: REDIS_HOST and "
            + "REDIS_PORT." };
    private readonly Option<string?> _compareRabbitMq =
        new("--compare-rabbitmq") { Description = "AMQP URI for the publishing endpoint. Default: RABBITMQ_URL; without either "
            + "it is left out." };
    private readonly Option<int?> _processId =
        new("--pid") { Description = "Process id of the gateway, on this machine: its memory and processor time are recorded." };
    private readonly Option<string> _report =
        new("--report") { Description = "Folder for report.html and report.json.", DefaultValueFactory = _ => Path.Combine("artifacts", "load") };
    private readonly BudgetArguments _budgets = new();

    public RootCommand Command(Func<LoadOptions, Task<int>> run)
    {
        var command = new RootCommand(Purpose)
        {
            _scenario, _url, _secret, _apiKey, _requests, _duration, _concurrency, _rate, _duplicates, _burst, _timeout, _warmUp, _rounds,
            _drain, _drainLimit, _compare, _compareRedis, _compareRabbitMq, _against, _processId, _report,
        };
        foreach (var option in _budgets.All) command.Options.Add(option);
        new BurstRules(_scenario, _burst, _requests, [_rate, _duration, _concurrency]).AddTo(command);
        command.SetAction((parsed, _) => run(OptionsOf(parsed)));
        return command;
    }

    private LoadOptions OptionsOf(ParseResult parsed)
    {
        var scenario = Scenario.All.FirstOrDefault(one => one.Name == parsed.GetValue(_scenario)) ?? Scenario.None;
        var requests = parsed.GetValue(_requests);
        var duration = parsed.GetValue(_duration);
        // The scenario's own end holds unless another one was given.
        if (requests is null && duration is null) (requests, duration) = (scenario.Requests, scenario.Duration);
        var burst = parsed.GetValue(_burst) || scenario.Burst;
        if (requests is null && burst) requests = 100;
        if (requests is null && duration is null) duration = TimeSpan.FromSeconds(10);
        var drain = parsed.GetValue(_drain);
        return new LoadOptions
        {
            Scenario = scenario.Name,
            Url = parsed.GetValue(_url) ?? new Uri("http://localhost:3000"),
            Secret = parsed.GetValue(_secret) ?? FromEnvironment("WEBHOOK_SECRET") ?? DevelopmentSecret,
            ApiKey = parsed.GetValue(_apiKey) ?? FromEnvironment("OPERATOR_API_KEY"),
            Requests = requests,
            Duration = burst ? null : duration,
            Concurrency = burst ? (int)(requests ?? 100) : parsed.GetValue(_concurrency) ?? scenario.Concurrency ?? 100,
            Rate = burst ? null : parsed.GetValue(_rate),
            Duplicates = parsed.GetValue(_duplicates) ?? 0,
            Burst = burst,
            Timeout = parsed.GetValue(_timeout) ?? TimeSpan.FromSeconds(15),
            WarmUp = parsed.GetValue(_warmUp) ?? (drain || burst ? new WarmUp(null, 2_000) : new WarmUp(TimeSpan.FromSeconds(3), null)),
            Rounds = Math.Max(1, parsed.GetValue(_rounds)),
            Drain = drain,
            DrainLimit = parsed.GetValue(_drainLimit) ?? TimeSpan.FromMinutes(10),
            Compare = parsed.GetValue(_compare),
            Against = parsed.GetValue(_against),
            CompareRedis = parsed.GetValue(_compareRedis) ?? RedisFromEnvironment(),
            CompareRabbitMq = parsed.GetValue(_compareRabbitMq) ?? FromEnvironment("RABBITMQ_URL"),
            ProcessId = parsed.GetValue(_processId),
            ReportFolder = parsed.GetValue(_report)!,
            Budgets = _budgets.LimitsOf(parsed, scenario, seesMemory: parsed.GetValue(_processId) is not null),
        };
    }

    private static Argument<string?> ScenarioArgument()
    {
        var argument = new Argument<string?>("scenario")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "A load with a name; options override it.\n"
                + string.Join('\n', Scenario.All.Select(one => $"{one.Name}: {one.Meaning}")),
        };
        argument.AcceptOnlyFromAmong([.. Scenario.All.Select(one => one.Name)]);
        return argument;
    }

    private static string? RedisFromEnvironment()
        => FromEnvironment("REDIS_HOST") is { } host ? $"{host}:{FromEnvironment("REDIS_PORT") ?? "6379"}" : null;

    private static string? FromEnvironment(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static Option<TimeSpan?> Time(string name, string description) => OptionOf.Time(name, description);

    private static Option<double?> Share(string name, string description) => OptionOf.Share(name, description);

    private static Option<T> Parsed<T>(string name, string description, OptionOf.Parser<T> parse, Bounds<T>? bounds = null)
        => OptionOf.Parsed(name, description, parse, bounds);
}
