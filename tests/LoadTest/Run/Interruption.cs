using System.Runtime.InteropServices;

namespace Gateway.LoadTest.Run;

/// <summary>Ctrl+C or SIGTERM ends the load, and the report is written of what there is; a second one ends the program.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;

    public Interruption()
        => _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Take), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take)];

    public CancellationToken Token => _source.Token;

    public bool HasHappened => _source.IsCancellationRequested;

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _source.Dispose();
    }

    private void Take(PosixSignalContext context)
    {
        if (HasHappened) return;
        context.Cancel = true;
        _source.Cancel();
    }
}
