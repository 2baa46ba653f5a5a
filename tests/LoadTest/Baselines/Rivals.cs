using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Display;
using Gateway.LoadTest.Http;
using Gateway.LoadTest.Operator;
using Gateway.LoadTest.Results;
using Gateway.LoadTest.Run;

namespace Gateway.LoadTest.Baselines;

/// <summary>What the gateway is compared with: servers as processes of their own on this machine, and a second gateway.</summary>
internal sealed class Rivals : IAsyncDisposable
{
    private readonly List<BaselineProcess> _processes = [];
    private readonly List<string> _notes = [];
    private TargetLoad? _ceiling;
    private TargetLoad? _publish;
    private TargetLoad? _other;
    private OperatorClient? _operatorOfOther;

    public static Rivals None => new();

    /// <summary>What is left out, and why.</summary>
    public IReadOnlyList<string> Notes => _notes;

    public static async Task<Rivals> StartAsync(LoadOptions options, IDisplay display, CancellationToken cancellationToken)
    {
        var rivals = new Rivals();
        try
        {
            await rivals.FindOtherAsync(options, display, cancellationToken);
            if (!options.Compare) return rivals;
            rivals._ceiling = await rivals.StartAsync("ceiling", [BaselineCommand.Ceiling], options, display, cancellationToken);
            if (options.CompareRabbitMq is { } broker)
            {
                var words = BaselineCommand.PublishWords(broker, options.CompareRedis);
                rivals._publish = await rivals.StartAsync("one publish per request", words, options, display, cancellationToken);
            }
            else
            {
                rivals._notes.Add("One publish per request is left out: it needs --compare-rabbitmq or RABBITMQ_URL.");
            }

            if (options is { CompareRabbitMq: not null, CompareRedis: null })
                rivals._notes.Add("One publish per request goes without Redis: --compare-redis or REDIS_HOST would add a SET NX.");
            return rivals;
        }
        catch
        {
            await rivals.DisposeAsync();
            throw;
        }
    }

    public Task<LoadResult?> LoadCeilingAsync(string title, CancellationToken cancellationToken) => LoadAsync(_ceiling, title, cancellationToken);

    public Task<LoadResult?> LoadPublishAsync(string title, CancellationToken cancellationToken) => LoadAsync(_publish, title, cancellationToken);

    public Task<LoadResult?> LoadOtherAsync(string title, CancellationToken cancellationToken)
        => LoadAsync(_other, title, cancellationToken, _operatorOfOther);

    public async ValueTask DisposeAsync()
    {
        _operatorOfOther?.Dispose();
        foreach (var process in _processes) await process.DisposeAsync();
        _processes.Clear();
    }

    private async Task<TargetLoad> StartAsync(
        string name, IReadOnlyList<string> command, LoadOptions options, IDisplay display, CancellationToken cancellationToken)
    {
        var process = await BaselineProcess.StartAsync(command, cancellationToken);
        _processes.Add(process);
        return new TargetLoad(options, display, await Target.OfAsync(name, process.Address, cancellationToken), server: null);
    }

    /// <summary>It runs already; whoever may ask it waits until it is idle, as with the first.</summary>
    private async Task FindOtherAsync(LoadOptions options, IDisplay display, CancellationToken cancellationToken)
    {
        if (options.Against is not { } url) return;
        _other = new TargetLoad(options, display, await Target.OfAsync("the other gateway", url, cancellationToken), server: null);
        var its = new OperatorClient(url, options.ApiKey);
        if (await its.IsOpenAsync(cancellationToken)) _operatorOfOther = its;
        else its.Dispose();
    }

    private static async Task<LoadResult?> LoadAsync(
        TargetLoad? rival, string title, CancellationToken cancellationToken, OperatorClient? settle = null)
    {
        if (rival is null || cancellationToken.IsCancellationRequested) return null;
        await rival.WarmUpAsync(settle, cancellationToken);
        var (result, _) = await rival.LoadAsync(title, cancellationToken);
        // Its worker would take the machine from whoever is loaded next: that one had 0.85 of the other's rate.
        if (settle is not null) await rival.SettleAsync(settle, cancellationToken);
        return result;
    }
}
