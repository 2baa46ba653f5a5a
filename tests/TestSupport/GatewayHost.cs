using Gateway.TestSupport.Servers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.TestSupport;

/// <summary>
/// The whole gateway in this process behind a real socket, with a database of its own that goes with it.
/// Settings are keys below <c>Gateway</c>: <c>("Processing:MaxRetries", "1")</c>.
/// </summary>
public sealed class GatewayHost : WebApplicationFactory<Program>
{
    public const string Secret = "a secret that only tests know";

    /// <summary>The name of the environment; passed like a setting, but not a key below <c>Gateway</c>.</summary>
    public const string EnvironmentName = "environment";

    /// <summary>Set by a test project: every host of its process runs on the profile Distributed, on these servers.</summary>
    public static Func<Task<Backends>>? Backends { get; set; }

    /// <summary>
    /// Embedded reports every duplicate. The deduplication cache of Distributed may have expired or be unavailable.
    /// </summary>
    public static bool ReportsDuplicatesExactly => Backends is null;

    private readonly Dictionary<string, string> _settings;
    private readonly Action<IServiceCollection>? _services;
    private readonly Backends? _backends;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TempFolder? _folder;

    private GatewayHost(TempFolder folder, IEnumerable<(string Key, string Value)> settings, Action<IServiceCollection>? services)
    {
        _folder = folder;
        _services = services;
        _settings = new Dictionary<string, string>
        {
            [EnvironmentName] = "Development",
            ["Webhook:Secret"] = Secret,
            ["Sqlite:Path"] = Path.Combine(_folder.Path, "gateway.db"),
            ["RoutingService:Enabled"] = "true",
            ["RoutingService:DelayMs"] = "0",
            // A busy machine accepts slowly, and a gateway that says so is not healthy.
            ["Health:AcceptP99"] = "1.00:00:00",
        };
        if (Backends is not null)
        {
            // Off the test's own thread: the caller that starts a host is not asynchronous.
            _backends = Task.Run(Backends).GetAwaiter().GetResult();
            foreach (var (key, value) in _backends.NewSandbox()) _settings[key] = value;
        }

        foreach (var (key, value) in settings) _settings[key] = value;
        // Without a port: the factory would set it on a server that may have started already. The setting "urls" does it.
        UseKestrel();
    }

    public GatewayClient Client { get; private set; } = null!;

    public Uri Address => ClientOptions.BaseAddress;

    public static GatewayHost Start(params IEnumerable<(string Key, string Value)> settings) => Start(null, settings);

    public static GatewayHost Start(Action<IServiceCollection>? services, params IEnumerable<(string Key, string Value)> settings)
        => Start(new TempFolder(), settings, services);

    public GatewayClient NewClient()
        => new(new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 2000 }) { BaseAddress = Address }, Secret);

    /// <summary>Stops the host like SIGTERM; its database stays for <see cref="StartAgain"/>.</summary>
    public async Task StopAsync()
    {
        if (_ended.Task.IsCompleted) return;
        Client.Dispose();
        Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await _ended.Task.WaitAsync(Until.Timeout);
    }

    /// <summary>A new host on the database of this stopped one, with its settings and these.</summary>
    public GatewayHost StartAgain(params IEnumerable<(string Key, string Value)> settings)
    {
        var folder = _folder ?? throw new InvalidOperationException("The host has been started again already.");
        _folder = null;
        var next = Start(folder, [.. _settings.Select(setting => (setting.Key, setting.Value)), .. settings], _services);
        next.Client.After(Client);
        return next;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(_settings[EnvironmentName]);
        builder.UseSetting("urls", "http://127.0.0.1:0");
        foreach (var (key, value) in _settings.Where(setting => setting.Key != EnvironmentName))
            builder.UseSetting($"Gateway:{key}", value);
        builder.ConfigureLogging(logging => logging.ClearProviders().SetMinimumLevel(LogLevel.Warning));
        if (_services is not null) builder.ConfigureServices(_services);
        // Created first, so disposed last: at that time the database is closed.
        builder.ConfigureServices(services => services.Insert(
            0, ServiceDescriptor.Singleton<IHostedService>(_ => new DisposalSignal(_ended))));
    }

    public override async ValueTask DisposeAsync()
    {
        await StopAsync();
        try
        {
            await base.DisposeAsync();
        }
        catch (Exception) when (_ended.Task.IsCompleted)
        {
            // The factory stops the host again, which has already stopped.
        }

        if (_folder is null) return;
        _folder.Dispose();
        _folder = null;
        if (_backends is not null) await _backends.ClearAsync(_settings);
    }

    private static GatewayHost Start(
        TempFolder folder, IEnumerable<(string Key, string Value)> settings, Action<IServiceCollection>? services)
    {
        var host = new GatewayHost(folder, settings, services);
        host.StartServer();
        host.Client = host.NewClient();
        return host;
    }

    private sealed class DisposalSignal(TaskCompletionSource ended) : IHostedService, IDisposable
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose() => ended.TrySetResult();
    }
}
