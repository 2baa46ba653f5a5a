using System.Runtime.InteropServices;

namespace Gateway.LoadTest;

/// <summary>The first Ctrl+C or SIGTERM ends the load and reports what was measured; the second one ends the process.</summary>
internal sealed class CancelSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;

    public CancelSignal() => _signals =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
    ];

    public CancellationToken Token => _source.Token;

    public bool IsRequested => _source.IsCancellationRequested;

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (IsRequested) return;
        context.Cancel = true;
        _source.Cancel();
    }
}
