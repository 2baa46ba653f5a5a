using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.TestSupport;

/// <summary>
/// The whole gateway in this process behind a real socket, with a database of its own that goes with it.
/// Settings are keys below <c>Gateway</c>: <c>("Processing:MaxRetries", "1")</c>.
/// </summary>
public sealed class GatewayHost : WebApplicationFactory<Program>
{
    public const string Secret = "a secret that only tests know";

    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, string> _settings;
    private readonly Action<IServiceCollection>? _services;

    private GatewayHost(IEnumerable<(string Key, string Value)> settings, Action<IServiceCollection>? services)
    {
        _services = services;
        _settings = new Dictionary<string, string>
        {
            ["Webhook:Secret"] = Secret,
            ["Sqlite:Path"] = Path.Combine(_folder.Path, "gateway.db"),
            ["RoutingService:Enabled"] = "true",
            ["RoutingService:DelayMs"] = "0",
        };
        foreach (var (key, value) in settings) _settings[key] = value;
        UseKestrel(0);
    }

    public GatewayClient Client { get; private set; } = null!;

    public Uri Address => ClientOptions.BaseAddress;

    public static GatewayHost Start(params IEnumerable<(string Key, string Value)> settings) => Start(null, settings);

    public static GatewayHost Start(Action<IServiceCollection>? services, params IEnumerable<(string Key, string Value)> settings)
    {
        var host = new GatewayHost(settings, services);
        host.StartServer();
        host.Client = host.NewClient();
        return host;
    }

    public GatewayClient NewClient()
        => new(new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 2000 }) { BaseAddress = Address }, Secret);

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("urls", "http://127.0.0.1:0");
        foreach (var (key, value) in _settings) builder.UseSetting($"Gateway:{key}", value);
        builder.ConfigureLogging(logging => logging.ClearProviders().SetMinimumLevel(LogLevel.Warning));
        if (_services is not null) builder.ConfigureServices(_services);
    }

    public override async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await base.DisposeAsync();
        _folder.Dispose();
    }
}
