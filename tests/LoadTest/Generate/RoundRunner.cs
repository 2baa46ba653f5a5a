using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Generate.Http;
using Gateway.LoadTest.Generate.Sources;
using Gateway.LoadTest.Measure;
using Gateway.LoadTest.Measure.Accounting;
using Gateway.LoadTest.Report.Terminal;

namespace Gateway.LoadTest.Generate;

/// <summary>Prepares the targets and runs the rounds; each round loads all targets in turn.</summary>
internal sealed class RoundRunner : IAsyncDisposable
{
    private readonly LoadOptions _options;
    private readonly IDisplay _display;
    private readonly TargetLoad _gateway;
    private readonly ComparisonTargets _comparison;
    private readonly OperatorClient _operator;
    private readonly ProcessProbe? _server;
    private readonly List<Round> _done = [];
    private readonly List<string> _warnings = [];
    private readonly List<string> _faults = [];

    private RoundRunner(
        LoadOptions options, IDisplay display, TargetLoad gateway, ComparisonTargets comparison, ProcessProbe? server)
    {
        (_options, _display, _comparison, _server) = (options, display, comparison, server);
        _gateway = gateway;
        _operator = new OperatorClient(options.Url, options.ApiKey);
    }

    public IReadOnlyList<Round> Done => _done;

    public SessionNotes Notes => new(_faults, [.. _comparison.Warnings, .. _warnings]);

    /// <summary>Null before the first round, and where the gateway does not name it.</summary>
    public string? GatewayVersion { get; private set; }

    public static async Task<RoundRunner> PrepareAsync(LoadOptions options, IDisplay display, CancellationToken cancellationToken)
    {
        var server = ProbeOf(options.ProcessId);
        var sources = ConfiguredSources.Load(options);
        var gateway = await Target.OfAsync(options.TargetName, options.Url, cancellationToken);
        var comparison = options.HasComparison
            ? await ComparisonTargets.StartAsync(options, sources, display, cancellationToken)
            : ComparisonTargets.None;
        var load = new TargetLoad(
            options, display, gateway, () => sources.NewMix(options.Sources.Shares, gateway.IngestUri), server);
        return new RoundRunner(options, display, load, comparison, server);
    }

    /// <summary>Runs all rounds, or as many as possible before an interruption or a failure.</summary>
    public async Task RunAllAsync(CancellationToken cancellationToken)
    {
        GatewayVersion = await _operator.VersionAsync(cancellationToken);
        var idle = await IdleCheckAsync(cancellationToken);
        try
        {
            for (var number = 1; number <= _options.Rounds && !cancellationToken.IsCancellationRequested; number++)
                _done.Add(await RunAsync(number, idle, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _display.Write("Interrupted.");
        }
        catch (Exception error) when (_done.Count > 0 && error is (CannotRunException or HttpRequestException))
        {
            // The rounds before the failed one are reported.
            _faults.Add($"Round {_done.Count + 1} could not be run: {error.Message}");
        }

        if (_server is not null && _server.TryRead() is null)
            _faults.Add($"The process {_options.ProcessId} (--pid) ended during the run.");
    }

    public async ValueTask DisposeAsync()
    {
        await _comparison.DisposeAsync();
        _operator.Dispose();
        _server?.Dispose();
    }

    /// <summary>
    /// The client that reads whether the gateway is idle: a busy worker would slow down the next round. Null does not wait.
    /// </summary>
    private async Task<OperatorClient?> IdleCheckAsync(CancellationToken cancellationToken)
    {
        if (_options.Drain) return _operator;
        // A plain run and a soak measure a gateway with a busy worker.
        if (_options is { HasComparison: false, Rate: null }) return null;
        if (await _operator.IsAvailableAsync(cancellationToken)) return _operator;
        _warnings.Add("No access to the operator API (--api-key): a round may have started while the worker was still busy.");
        return null;
    }

    private async Task<Round> RunAsync(int number, OperatorClient? idle, CancellationToken cancellationToken)
    {
        var title = _options.Rounds == 1 ? "" : $", round {number} of {_options.Rounds}";
        await _gateway.WarmUpAsync(idle, cancellationToken);
        var ceiling = await _comparison.LoadCeilingAsync(title, cancellationToken);
        var publish = await _comparison.LoadPublishAsync(title, cancellationToken);
        // In changing order: the second of two equal gateways was 10% slower beside what the first one left to do.
        var isOtherFirst = number % 2 == 1;
        var other = isOtherFirst ? await _comparison.LoadOtherAsync(title, cancellationToken) : null;
        var check = _options.Drain ? await DrainCheck.StartAsync(_operator, cancellationToken) : null;
        var (result, run) = await _gateway.LoadAsync(title, cancellationToken);
        var account = check is null ? null : await AccountAsync(check, run, title, cancellationToken);
        if (!isOtherFirst) other = await _comparison.LoadOtherAsync(title, cancellationToken);
        return new Round(number, result, ceiling, publish, account) { Other = other };
    }

    /// <summary>Null after an interruption or when the operator API fails: the measured figures are still reported.</summary>
    private async Task<Account?> AccountAsync(DrainCheck check, RunState run, string title, CancellationToken cancellationToken)
    {
        try
        {
            return await _display.DrainAsync(
                $"Waiting until all events are settled{title}",
                onProgress => check.CompleteAsync(
                    run.Mix, run.Ledger, _options.DrainLimit, onProgress, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (HttpRequestException error)
        {
            _faults.Add($"The operator API could not be read: {error.Message}");
            return null;
        }
    }

    private static ProcessProbe? ProbeOf(int? processId)
    {
        try
        {
            return processId is { } id ? ProcessProbe.Of(id) : null;
        }
        catch (ArgumentException)
        {
            throw new CannotRunException($"Process {processId} does not exist on this machine (--pid).");
        }
    }
}
