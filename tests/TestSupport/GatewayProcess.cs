using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Shouldly;

namespace Gateway.TestSupport;

/// <summary>
/// The built host as a separate process, which can be killed. Its content root is the given folder, where the next start finds
/// the database. Settings are environment variables; other variables of this process are not inherited.
/// </summary>
public sealed class GatewayProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const string Listening = "Now listening on: ";

    private static readonly string HostDll = typeof(Program).Assembly.Location;
    private static readonly string[] Inherited =
        ["PATH", "HOME", "TMPDIR", "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64"];

    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly Process _process;
    private GatewayClient? _client;

    private GatewayProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public IReadOnlyList<string> Output => [.. _output];

    public IReadOnlyList<string> Errors => [.. _errors];

    public bool HasExited => _process.HasExited;

    public GatewayClient Client => _client ??= NewClient(GatewayHost.Secret);

    /// <summary>Where it listens, read from its output.</summary>
    public Uri Address => AddressOrNull ?? throw new ShouldAssertException(WithOutput("The gateway does not listen"));

    private Uri? AddressOrNull => _output.FirstOrDefault(line => line.Contains(Listening, StringComparison.Ordinal)) is { } line
        ? new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..])
        : null;

    /// <summary>
    /// Starts a process on a free port of loopback; it may end with a startup error. An empty value unsets a variable.
    /// </summary>
    public static GatewayProcess Launch(string folder, params IEnumerable<(string Name, string Value)> environment)
        => Launch(folder, arguments: [], environment);

    /// <summary>With arguments of the command line, or of another build of the host.</summary>
    public static GatewayProcess Launch(
        string folder, IReadOnlyList<string> arguments, IEnumerable<(string Name, string Value)> environment,
        string? otherHost = null)
    {
        var host = otherHost ?? HostDll;
        var start = new ProcessStartInfo("dotnet", ["exec", host, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Except(Inherited).ToList()) start.Environment.Remove(name);
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var (name, value) in environment)
        {
            if (value.Length == 0) start.Environment.Remove(name);
            else start.Environment[name] = value;
        }

        foreach (var settings in Directory.EnumerateFiles(Path.GetDirectoryName(host)!, "appsettings*.json"))
        {
            var own = Path.Combine(folder, Path.GetFileName(settings));
            if (!File.Exists(own)) File.Copy(settings, own);
        }

        return new GatewayProcess(start);
    }

    /// <summary>
    /// Environment Development (open operator API, stub on), with the secret of tests; returns when it is ready.
    /// </summary>
    public static async Task<GatewayProcess> StartAsync(
        string folder, params IEnumerable<(string Name, string Value)> environment)
    {
        var gateway = Launch(
            folder,
            [("ASPNETCORE_ENVIRONMENT", "Development"), ("Gateway__Webhook__Secret", GatewayHost.Secret), .. environment]);
        try
        {
            await gateway.ReadyAsync();
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    public async Task ListeningAsync()
    {
        await Until.TrueAsync(() => AddressOrNull is not null || HasExited);
        if (HasExited) throw new ShouldAssertException(WithOutput("The gateway has ended instead of listening"));
    }

    public async Task ReadyAsync()
    {
        await ListeningAsync();
        await Until.TrueAsync(
            async () =>
            {
                if (HasExited) throw new ShouldAssertException(WithOutput("The gateway has ended instead of being ready"));
                using var answer = await Client.Http.GetAsync("/health/ready");
                return answer.IsSuccessStatusCode ? "ready" : await answer.Content.ReadAsStringAsync();
            },
            answer => answer == "ready");
    }

    public GatewayClient NewClient(string secret) => new(new HttpClient { BaseAddress = Address }, secret);

    /// <summary>SIGKILL. The process must still be alive, otherwise it ended for another reason.</summary>
    public async Task KillAsync()
    {
        HasExited.ShouldBeFalse(WithOutput("The gateway has ended before it was killed"));
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public Task<int> StopAsync()
    {
        if (Kill(_process.Id, SigTerm) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), WithOutput("SIGTERM failed"));
        return ExitAsync();
    }

    /// <summary>Waits for its end; after it <see cref="Output"/> and <see cref="Errors"/> are complete.</summary>
    public async Task<int> ExitAsync()
    {
        using var timeout = new CancellationTokenSource(Until.Timeout);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new ShouldAssertException(WithOutput("The gateway has not ended"));
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    /// <summary>A message, followed by the last output of the process.</summary>
    public string WithOutput(string message)
        => string.Join('\n', [message + ". The last lines of the process:", .. _output.TakeLast(40), .. _errors]);

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null) lines.Enqueue(line);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
