using System.Collections.Concurrent;
using System.Diagnostics;
using Shouldly;

namespace Gateway.TestSupport.Servers;

/// <summary>
/// A server program with a folder of its own. It is the child of a guard process whose input this process holds open. When this
/// process ends, also by SIGKILL, the kernel closes that input, and the guard kills the server with all its descendants.
/// (<c>setpriv --pdeathsig</c> would not do: the signal comes when the *thread* that started the child ends.)
/// </summary>
internal sealed class ServerProcess(
    string folder, string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    : IAsyncDisposable
{
    // Descendants are found by their parents: some servers' children lead sessions of their own.
    private const string Guard = """
        below() {
          found=$(grep -lsE "^PPid:.($1)\$" /proc/[0-9]*/status | tr -dc '0-9\n')
          [ -z "$found" ] || { echo $found; below "$(echo $found | tr ' ' '|')"; }
        }
        folder=$1; shift
        sh -c 'echo $$; exec "$@"' sh "$@" </dev/null &
        server=$!
        read -r keep
        kill -KILL $server $(below $server) 2>/dev/null
        wait
        [ -n "$keep" ] || rm -rf "$folder"
        """;

    private const int RememberedLines = 300;

    /// <summary>A program may have to fetch or build parts of itself at its first start.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    private readonly ConcurrentQueue<string> _output = new();
    private Process? _guard;
    private TaskCompletionSource<int> _server = new();

    public string Folder => folder;

    public IEnumerable<string> Output => _output;

    public IReadOnlyList<int> Ids => _guard is null ? [] : Processes.Below(_guard.Id);

    public async Task StartAsync(Func<Task<bool>> isReady)
    {
        if (_guard is not null) throw new InvalidOperationException($"{program} runs already.");
        Launch();
        try
        {
            var server = await _server.Task.WaitAsync(Timeout);
            await Until.TrueAsync(async () => await isReady() || !Processes.IsRunning(server), over => over, Timeout);
            if (!Processes.IsRunning(server)) throw new InvalidOperationException("it has ended");
        }
        catch (Exception fault)
        {
            await EndAsync(keepsFolder: true);
            throw new InvalidOperationException(WithOutput($"{program} did not get ready: {fault.Message}"), fault);
        }
    }

    /// <summary>SIGKILL to all its processes. Its files stay.</summary>
    public Task KillAsync() => EndAsync(keepsFolder: true);

    /// <summary>SIGTERM; returns when it has ended. Its files stay.</summary>
    public async Task StopAsync()
    {
        var server = await _server.Task;
        Processes.Signal(server, Processes.SigTerm);
        await Until.TrueAsync(() => !Processes.IsRunning(server));
        await EndAsync(keepsFolder: true);
    }

    /// <summary>SIGSTOP: its connections stay open without an answer. Returns when all its processes are stopped.</summary>
    public void Pause()
    {
        var all = Ids;
        foreach (var id in all) Processes.Signal(id, Processes.SigStop);
        SpinWait.SpinUntil(() => all.All(id => Processes.IsStopped(id) || !Processes.IsRunning(id)), Timeout).ShouldBeTrue();
    }

    public void Resume()
    {
        foreach (var id in Ids) Processes.Signal(id, Processes.SigCont);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync(keepsFolder: false);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private void Launch()
    {
        var start = new ProcessStartInfo("setsid", ["sh", "-c", Guard, "guard", folder, program, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        _output.Clear();
        var server = _server = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _guard = new Process { StartInfo = start };
        _guard.OutputDataReceived += (_, line) =>
        {
            if (!int.TryParse(line.Data, out var id) || !server.TrySetResult(id)) Keep(line.Data);
        };
        _guard.ErrorDataReceived += (_, line) => Keep(line.Data);
        _guard.Start();
        _guard.BeginOutputReadLine();
        _guard.BeginErrorReadLine();
    }

    private async Task EndAsync(bool keepsFolder)
    {
        if (_guard is null) return;
        var all = Ids;
        if (keepsFolder) await _guard.StandardInput.WriteLineAsync("keep");
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync().WaitAsync(Timeout);
        await Until.TrueAsync(() => !all.Any(Processes.IsRunning));
        _guard.Dispose();
        _guard = null;
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        _output.Enqueue(line);
        while (_output.Count > RememberedLines) _output.TryDequeue(out _);
    }

    private string WithOutput(string message) => string.Join('\n', [message + ". Its output:", .. _output]);
}
