using Gateway.LoadTest.Accounting;
using Gateway.LoadTest.Baselines;
using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Client;
using Gateway.LoadTest.Display;
using Gateway.LoadTest.Machine;
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

    private RoundRunner(LoadOptions options, IDisplay display, Target gateway, Rivals rivals, ProcessProbe? server)
    {
        (_options, _display, _rivals, _server) = (options, display, rivals, server);
        _gateway = new TargetLoad(options, display, gateway, server);
        _operator = new OperatorClient(options.Url, options.ApiKey);
    }

    public IReadOnlyList<Round> Done => _done;

    public IReadOnlyList<string> Notes => _rivals.Notes;

    public static async Task<RoundRunner> PrepareAsync(LoadOptions options, IDisplay display, CancellationToken cancellationToken)
    {
        var server = ProbeOf(options.ProcessId);
        var gateway = await Target.OfAsync("gateway", options.Url, cancellationToken);
        var rivals = options.Compare ? await Rivals.StartAsync(options, display, cancellationToken) : Rivals.None;
        return new RoundRunner(options, display, gateway, rivals, server);
    }

    public async Task RunAllAsync(CancellationToken cancellationToken)
    {
        for (var number = 1; number <= _options.Rounds && !cancellationToken.IsCancellationRequested; number++)
            _done.Add(await RunAsync(number, cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        await _rivals.DisposeAsync();
        _operator.Dispose();
        _server?.Dispose();
    }

    private async Task<Round> RunAsync(int number, CancellationToken cancellationToken)
    {
        var title = _options.Rounds == 1 ? "" : $", round {number} of {_options.Rounds}";
        // Whatever the worker still has to do would take the machine from what is measured next.
        if (_options.Compare || _options.Drain) await _gateway.WarmUpAsync(_operator, cancellationToken);
        else await _gateway.WarmUpAsync(null, cancellationToken);
        var ceiling = await _rivals.LoadCeilingAsync(title, cancellationToken);
        var publish = await _rivals.LoadPublishAsync(title, cancellationToken);
        var auditor = _options.Drain ? await Auditor.BeginAsync(_operator, cancellationToken) : null;
        var (result, cargo) = await _gateway.LoadAsync(title, cancellationToken);
        var account = auditor is null || cancellationToken.IsCancellationRequested
            ? null
            : await _display.DrainAsync(
                $"Waiting until all is settled{title}",
                tell => auditor.CloseAsync(cargo.Events, cargo.Ledger, _options.DrainLimit, tell, cancellationToken));
        return new Round(number, result, ceiling, publish, account);
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
