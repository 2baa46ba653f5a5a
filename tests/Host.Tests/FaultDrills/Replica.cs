using System.Text.Json;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>A gateway process and its successors: after a kill the next one starts in the same folder, on another port.</summary>
/// <param name="name">Used in failures.</param>
/// <param name="environment">Its settings.</param>
/// <param name="accepted">Collects the accepted events of all processes of the drill.</param>
internal sealed class Replica(string name, IEnumerable<(string Name, string Value)> environment, GatewayClient accepted)
    : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<GatewayProcess> _processes = [];
    private volatile GatewayProcess? _current;

    public GatewayProcess Process => _current ?? throw new InvalidOperationException($"The {name} was not started.");

    /// <summary>The build that is started; null: this one.</summary>
    public string? OtherHost { get; set; }

    /// <summary>The client of the current process.</summary>
    public GatewayClient Client => Process.Client;

    /// <summary>Returns when it listens; it need not be ready.</summary>
    public async Task StartAsync()
    {
        // Each build has settings files of its own.
        var folder = OtherHost is null ? _folder.Path : Directory.CreateDirectory(Path.Combine(_folder.Path, "other")).FullName;
        var next = GatewayProcess.Launch(
            folder, arguments: [],
            [("ASPNETCORE_ENVIRONMENT", "Development"), ("Gateway__Webhook__Secret", GatewayHost.Secret), .. environment],
            OtherHost);
        _processes.Add(next);
        await next.ListeningAsync();
        next.Client.After(accepted);
        _current = next;
    }

    public Task ReadyAsync() => Process.ReadyAsync();

    public Task KillAsync() => Process.KillAsync();

    /// <summary>Waits until readiness names the backend as the reason; liveness stays ok.</summary>
    public async Task NotReadyBecauseOfAsync(string backend)
    {
        await Until.TrueAsync(
            FailedChecksAsync, reasons => reasons.Any(reason => reason.StartsWith($"{backend}: ", StringComparison.Ordinal)));
        (await Client.GetAsync("/health/live")).GetProperty("status").GetString().ShouldBe("ok");
    }

    /// <summary>Of the answers 503 of the current process, at most one of each second.</summary>
    public IEnumerable<string> ReasonsOf503 => Process.Output
        .Select(line => line.Split("with 503: ")).Where(parts => parts.Length > 1)
        .Select(parts => parts[1].Split("; trace ")[0]);

    public string OutputOfLastProcess()
        => _processes.Count == 0 ? name : _processes[^1].WithOutput($"The {name}, start {_processes.Count}");

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Why it is not ready.</summary>
    private async Task<IReadOnlyList<string>> FailedChecksAsync()
    {
        using var answer = await Client.Http.GetAsync("/health/ready");
        var health = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        return [.. health.GetProperty("checks").EnumerateObject().Select(check => check.Value)
            .Where(check => !check.GetProperty("healthy").GetBoolean())
            .Select(check => check.GetProperty("detail").GetString()!)];
    }
}
