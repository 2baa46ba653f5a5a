namespace Gateway.TestSupport.Servers;

/// <summary>A real server. Tests may stop or kill one that they started, but not the one that all tests share.</summary>
public abstract class TestServer : IAsyncDisposable
{
    private readonly bool _isShared;

    private protected TestServer(ServerProcess? process, bool isShared) => (Process, _isShared) = (process, isShared);

    /// <summary>Every process that belongs to it.</summary>
    public IReadOnlyList<int> ProcessIds => Own.Ids;

    /// <summary>Null for a server that ran before the tests.</summary>
    private protected ServerProcess? Process { get; }

    private protected ServerProcess Own => !_isShared && Process is not null
        ? Process
        : throw new InvalidOperationException("The shared server cannot be stopped, killed or paused. Use StartAsync.");

    /// <summary>SIGKILL. Its files stay.</summary>
    public Task KillAsync() => Own.KillAsync();

    /// <summary>SIGTERM; returns when it has ended.</summary>
    public Task StopAsync() => Own.StopAsync();

    /// <summary>After a kill or a stop: on the same port, with its files.</summary>
    public Task StartAgainAsync() => Own.StartAsync(IsReadyAsync);

    /// <summary>SIGSTOP: connections stay open and the kernel accepts new ones, without an answer.</summary>
    public void Pause() => Own.Pause();

    public void Resume() => Own.Resume();

    /// <summary>Ends the server and deletes its files; the shared one ends with the process.</summary>
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
