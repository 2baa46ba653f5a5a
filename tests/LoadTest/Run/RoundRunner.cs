using Gateway.LoadTest.Accounting;
using Gateway.LoadTest.Baselines;
using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Client;
using Gateway.LoadTest.Display;
using Gateway.LoadTest.Http;
using Gateway.LoadTest.Machine;
using Gateway.LoadTest.Operator;
using Gateway.LoadTest.Results;

namespace Gateway.LoadTest.Run;

/// <summary>Everything that rounds need, made once; then the rounds, each with all targets in turn.</summary>
internal sealed class RoundRunner : IAsyncDisposable
{
    private readonly LoadOptions _options;
    private readonly IDisplay _display;
    private readonly TargetLoad _gateway;
    private readonly Rivals _rivals;
    private readonly OperatorClient _operator;
    private readonly ProcessProbe? _server;
    private readonly List<Round> _done = [];
    private readonly List<string> _notes = [];
    private readonly List<string> _faults = [];

    private RoundRunner(LoadOptions options, IDisplay display, Target gateway, Rivals rivals, ProcessProbe? server)
    {
        (_options, _display, _rivals, _server) = (options, display, rivals, server);
        _gateway = new TargetLoad(options, display, gateway, server);
        _operator = new OperatorClient(options.Url, options.ApiKey);
    }

    public IReadOnlyList<Round> Done => _done;

    public Heard Heard => new(_faults, [.. _rivals.Notes, .. _notes]);

    public static async Task<RoundRunner> PrepareAsync(LoadOptions options, IDisplay display, CancellationToken cancellationToken)
    {
        var server = ProbeOf(options.ProcessId);
        var gateway = await Target.OfAsync("gateway", options.Url, cancellationToken);
        var rivals = options.TakesTurns ? await Rivals.StartAsync(options, display, cancellationToken) : Rivals.None;
        return new RoundRunner(options, display, gateway, rivals, server);
    }

    /// <summary>All rounds, or those that were done when it was interrupted or something failed.</summary>
    public async Task RunAllAsync(CancellationToken cancellationToken)
    {
        var idle = await IdleCheckAsync(cancellationToken);
        try
        {
            for (var number = 1; number <= _options.Rounds && !cancellationToken.IsCancellationRequested; number++)
                _done.Add(await RunAsync(number, idle, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _display.Say("Interrupted.");
        }
        catch (Exception reason) when (_done.Count > 0 && reason is (CannotRunException or HttpRequestException))
        {
            // An hour of rounds is not thrown away for the one that failed.
            _faults.Add($"Round {_done.Count + 1} could not be run: {reason.Message}");
        }

        if (_server is not null && _server.TryRead() is null) _faults.Add($"The process {_options.ProcessId} (--pid) has ended during the run.");
    }

    public async ValueTask DisposeAsync()
    {
        await _rivals.DisposeAsync();
        _operator.Dispose();
        _server?.Dispose();
    }

    /// <summary>
    /// Whatever the worker still has to do would take the machine from what is measured next: who can tell that it is done.
    /// </summary>
    private async Task<OperatorClient?> IdleCheckAsync(CancellationToken cancellationToken)
    {
        if (_options.Drain) return _operator;
        // A plain run and a soak measure a gateway that is at work anyway.
        if (_options is { TakesTurns: false, Rate: null }) return null;
        if (await _operator.IsOpenAsync(cancellationToken)) return _operator;
        _notes.Add("The operator API is not open (--api-key): a round may have begun while the worker was still busy with what came before.");
        return null;
    }

    private async Task<Round> RunAsync(int number, OperatorClient? idle, CancellationToken cancellationToken)
    {
        var title = _options.Rounds == 1 ? "" : $", round {number} of {_options.Rounds}";
        await _gateway.WarmUpAsync(idle, cancellationToken);
        var ceiling = await _rivals.LoadCeilingAsync(title, cancellationToken);
        var publish = await _rivals.LoadPublishAsync(title, cancellationToken);
        var other = await _rivals.LoadOtherAsync(title, cancellationToken);
        var auditor = _options.Drain ? await Auditor.BeginAsync(_operator, cancellationToken) : null;
        var (result, cargo) = await _gateway.LoadAsync(title, cancellationToken);
        var account = auditor is null ? null : await CloseAsync(auditor, cargo, title, cancellationToken);
        return new Round(number, result, ceiling, publish, account) { Other = other };
    }

    /// <summary>Null when it was interrupted or the gateway did not come back: what was measured is kept.</summary>
    private async Task<Account?> CloseAsync(Auditor auditor, Cargo cargo, string title, CancellationToken cancellationToken)
    {
        try
        {
            return await _display.DrainAsync(
                $"Waiting until all is settled{title}",
                tell => auditor.CloseAsync(cargo.Events, cargo.Ledger, _options.DrainLimit, tell, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (HttpRequestException fault)
        {
            _faults.Add($"The operator API could not be read: {fault.Message}");
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
            throw new CannotRunException($"There is no process {processId} on this machine (--pid).");
        }
    }
}
