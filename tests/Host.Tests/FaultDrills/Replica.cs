using System.Text.Json;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>A place for a gateway process: when it was killed another one starts there, on another port.</summary>
/// <param name="name">For whoever reads a failure.</param>
/// <param name="environment">Its settings.</param>
/// <param name="promises">What one of the drill's doors was promised all of the drill's processes are asked for.</param>
internal sealed class Replica(string name, IEnumerable<(string Name, string Value)> environment, GatewayClient promises)
    : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<GatewayProcess> _generations = [];
    private volatile GatewayProcess? _current;

    public GatewayProcess Process => _current ?? throw new InvalidOperationException($"The {name} was not started.");

    /// <summary>Of the process that listens, or was the last to listen.</summary>
    public GatewayClient Client => Process.Client;

    /// <summary>Returns when it listens; it need not be ready.</summary>
    public async Task StartAsync()
    {
        var next = GatewayProcess.Launch(
            _folder.Path, [("ASPNETCORE_ENVIRONMENT", "Development"), ("Gateway__Webhook__Secret", GatewayHost.Secret), .. environment]);
        _generations.Add(next);
        await next.ListeningAsync();
        next.Client.After(promises);
        _current = next;
    }

    public Task ReadyAsync() => Process.ReadyAsync();

    public Task KillAsync() => Process.KillAsync();

    /// <summary>Alive, not ready, and the backend is named as the reason.</summary>
    public async Task IllBecauseOfAsync(string backend)
    {
        await Until.TrueAsync(IllnessesAsync, reasons => reasons.Any(reason => reason.StartsWith($"{backend}: ", StringComparison.Ordinal)));
        (await Client.GetAsync("/health/live")).GetProperty("status").GetString().ShouldBe("ok");
    }

    public string Told() => _generations.Count == 0 ? name : _generations[^1].Told($"The {name}, process {_generations.Count} in its place");

    public async ValueTask DisposeAsync()
    {
        foreach (var life in _generations) await life.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Why it is not ready.</summary>
    private async Task<IReadOnlyList<string>> IllnessesAsync()
    {
        using var answer = await Client.Http.GetAsync("/health/ready");
        var health = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        return [.. health.GetProperty("checks").EnumerateObject().Select(check => check.Value)
            .Where(check => !check.GetProperty("healthy").GetBoolean()).Select(check => check.GetProperty("detail").GetString()!)];
    }
}
