namespace Gateway.TestSupport.Servers;

/// <summary>A real server. The one that all tests of this process share stays as it is; one of a test's own can be broken.</summary>
public abstract class TestServer : IAsyncDisposable
{
    private readonly bool _isShared;

    private protected TestServer(ServerProcess? process, bool isShared) => (Process, _isShared) = (process, isShared);

    /// <summary>Every process that belongs to it.</summary>
    public IReadOnlyList<int> ProcessIds => Own.Ids;

    /// <summary>None where the server was there before.</summary>
    private protected ServerProcess? Process { get; }

    private protected ServerProcess Own => !_isShared && Process is not null
        ? Process
        : throw new InvalidOperationException("Only a server of the test's own can be handled like this.");

    /// <summary>SIGKILL: no chance to clean up. What it had on disk stays.</summary>
    public Task KillAsync() => Own.KillAsync();

    /// <summary>SIGTERM; returns when it has ended.</summary>
    public Task StopAsync() => Own.StopAsync();

    /// <summary>After a kill or a stop: on the same port, with what it had on disk.</summary>
    public Task StartAgainAsync() => Own.StartAsync(IsReadyAsync);

    /// <summary>SIGSTOP: connections stay open, the kernel accepts new ones, and no answer comes.</summary>
    public void Pause() => Own.Pause();

    public void Resume() => Own.Resume();

    /// <summary>One of the caller's own ends, and leaves nothing; the shared one ends with the process.</summary>
    public ValueTask DisposeAsync() => _isShared ? ValueTask.CompletedTask : EndAsync();

    private protected abstract Task<bool> IsReadyAsync();

    private protected async Task LaunchAsync()
    {
        try
        {
            await Process!.StartAsync(IsReadyAsync);
        }
        catch
        {
            await EndAsync();
            throw;
        }
    }

    private protected virtual ValueTask EndAsync() => Process?.DisposeAsync() ?? ValueTask.CompletedTask;
}
