using System.CommandLine;
using System.Reflection;

namespace Gateway.LoadTest.Cli;

/// <summary>The arguments and options of the command line.</summary>
internal sealed class LoadArguments
{
    public static readonly string Version =
        typeof(LoadArguments).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static readonly string Description =
        $"Load test {Version} for the webhook gateway: sends signed, unique events and checks their outcome.\n\n"
        + "Exit code: 0 passed, 1 failed (an unexpected response, a lost or duplicated event, a broken budget), 2 could not run."
        + "\n\nExamples:\n"
        + "  seed-100 --duplicates 0.2 --drain                  100 webhooks at once, each accounted for\n"
        + "  --duration 30s --max-p99 150ms --min-rate 2000     exit code 1 when a budget is broken\n"
        + "  --rate 20% --duration 30s                          latency at a fifth of the gateway's top rate\n"
        + "  --source easypost --source gateway=3               a quarter of the requests signed as EasyPost signs them\n"
        + "  --rounds 5 --baseline artifacts/load/report.json   compared with an earlier run";

    private const string DevelopmentSecret = "development-secret-not-for-production";

    // The ledger keeps one byte per event.
    private const long MaxRequests = 1_000_000_000;

    private readonly Argument<string?> _scenario = Scenario.Argument();
    private readonly Option<Uri?> _url =
        OptionFactory.Parsed<Uri?>("--url", "The gateway. Default: http://localhost:3000.", OptionFactory.HttpUri);
    private readonly Option<string?> _secret =
        Text("--secret", "Signs the webhooks. Default: WEBHOOK_SECRET, else the development secret.");
    private readonly Option<string?> _apiKey =
        Text("--api-key", "API key of the operator API, for --drain. Default: OPERATOR_API_KEY.");
    private readonly Option<long?> _requests =
        OptionFactory.Count("--requests", "Number of requests, duplicates included.", MaxRequests);
    private readonly Option<TimeSpan?> _duration =
        Time("--duration", "Length of the run: 500ms, 30s, 10m. Default, without --requests: 10s.");
    private readonly Option<int?> _concurrency =
        OptionFactory.Count(
            "--concurrency", "Number of connections, each with one request at a time. Default: 100.",
            BurstValidator.MaxConnections);
    private readonly Option<RateGoal?> _rate =
        Parsed<RateGoal?>("--rate", "Open loop: requests per second, independent of the responses; latency counts from "
            + "the time at which a request was due. 20% is a share of the target's own top rate, which is measured first.",
            RateGoal.TryParse, RateGoal.Bounds);
    private readonly Option<double?> _duplicates =
        Share("--duplicates", "Share of events that are sent more than once: 0.2 or 20%.");
    private readonly Option<bool> _burst =
        Flag("--burst", "Opens one connection per request, then sends all requests at once.");
    private readonly Option<TimeSpan?> _timeout =
        Time("--timeout", "A request without a response after this time counts as unknown. Default: 15s.");
    private readonly Option<WarmUp?> _warmUp =
        Parsed<WarmUp?>("--warmup", "Unmeasured load before the first round of each target: a time (3s), a number of requests, "
            + "or 0. Default: 3s; with --burst or --drain 2000 requests.", WarmUp.TryParse);
    private readonly Option<int> _rounds =
        new("--rounds")
        {
            Description = "Number of rounds; the report shows minimum, median and maximum.",
            DefaultValueFactory = _ => 1,
        };
    private readonly Option<bool> _drain =
        Flag("--drain", "Waits until every accepted event is settled, then checks for lost and duplicated events and for "
            + "events that were never sent.");
    private readonly Option<TimeSpan?> _drainLimit = Time("--drain-limit", "Time limit of --drain. Default: 10m.");
    private readonly Option<bool> _compare =
        Flag("--compare", "Also loads, in turn with the gateway, an endpoint that stores nothing (the ceiling) and an "
            + "endpoint that publishes one message per request.");
    private readonly Option<Uri?> _against =
        Parsed<Uri?>("--against", "A second gateway, with other settings or of another version, loaded in turn with the "
            + "first; the report shows the ratio. It needs the same secret and API key.", OptionFactory.HttpUri);
    private readonly Option<string?> _compareRedis =
        Text("--compare-redis", "host:port for the publishing endpoint's SET NX. Default: REDIS_HOST and REDIS_PORT.");
    private readonly Option<string?> _compareRabbitMq =
        Text("--compare-rabbitmq", "AMQP URI for the publishing endpoint. Default: RABBITMQ_URL; without either the endpoint is "
            + "left out.");
    private readonly Option<int?> _processId =
        new("--pid") { Description = "Process id of a gateway on this machine; records its memory and CPU time." };
    private readonly Option<string> _report =
        new("--report")
        {
            Description = "Folder for report.html and report.json.",
            DefaultValueFactory = _ => Path.Combine("artifacts", "load"),
        };
    private readonly Option<string?> _baseline =
        Text("--baseline", "The report.json of an earlier run. The ratio of both rates (with --rate: of the 99th percentiles) is "
            + "reported, and must be at least --min-ratio-baseline.");
    private readonly BudgetArguments _budgets = new();
    private readonly SourceArguments _sources = new();

    public RootCommand Command(Func<LoadOptions, Task<int>> run)
    {
        var command = new RootCommand(Description)
        {
            _scenario, _url, _secret, _apiKey, _requests, _duration, _concurrency, _rate, _duplicates, _burst, _timeout, _warmUp,
            _rounds, _drain, _drainLimit, _compare, _compareRedis, _compareRabbitMq, _against, _processId, _report,
            _baseline,
        };
        foreach (var option in _budgets.All) command.Options.Add(option);
        _sources.AddTo(command, _compare);
        new BurstValidator(_scenario, _burst, _requests, [_rate, _duration, _concurrency]).AddTo(command);
        command.SetAction((parsed, _) => run(OptionsOf(parsed)));
        return command;
    }

    private LoadOptions OptionsOf(ParseResult parsed)
    {
        var scenario = Scenario.All.FirstOrDefault(one => one.Name == parsed.GetValue(_scenario)) ?? Scenario.None;
        var requests = parsed.GetValue(_requests);
        var duration = parsed.GetValue(_duration);
        // The scenario's length applies unless an option sets another one.
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
            WarmUp = parsed.GetValue(_warmUp) ?? WarmUp.DefaultOf(drain || burst),
            Rounds = Math.Max(1, parsed.GetValue(_rounds)),
            Drain = drain,
            DrainLimit = parsed.GetValue(_drainLimit) ?? TimeSpan.FromMinutes(10),
            Compare = parsed.GetValue(_compare),
            Against = parsed.GetValue(_against),
            CompareRedis = parsed.GetValue(_compareRedis) ?? RedisFromEnvironment(),
            CompareRabbitMq = parsed.GetValue(_compareRabbitMq) ?? FromEnvironment("RABBITMQ_URL"),
            ProcessId = parsed.GetValue(_processId),
            Sources = _sources.OptionsOf(parsed),
            ReportFolder = parsed.GetValue(_report)!,
            Baseline = parsed.GetValue(_baseline),
            Budgets = _budgets.LimitsOf(
                parsed, scenario, hasProcess: parsed.GetValue(_processId) is not null,
                hasBaseline: parsed.GetValue(_baseline) is not null),
        };
    }

    private static string? RedisFromEnvironment()
        => FromEnvironment("REDIS_HOST") is { } host ? $"{host}:{FromEnvironment("REDIS_PORT") ?? "6379"}" : null;

    private static string? FromEnvironment(string name)
        => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static Option<string?> Text(string name, string description) => new(name) { Description = description };

    private static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    private static Option<TimeSpan?> Time(string name, string description) => OptionFactory.Time(name, description);

    private static Option<double?> Share(string name, string description) => OptionFactory.Share(name, description);

    private static Option<T> Parsed<T>(string name, string description, OptionFactory.Parser<T> parse, Bounds<T>? bounds = null)
        => OptionFactory.Parsed(name, description, parse, bounds);
}
