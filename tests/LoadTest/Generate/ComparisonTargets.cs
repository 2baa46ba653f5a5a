using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Generate.Baselines;
using Gateway.LoadTest.Generate.Http;
using Gateway.LoadTest.Generate.Sources;
using Gateway.LoadTest.Measure;
using Gateway.LoadTest.Measure.Accounting;
using Gateway.LoadTest.Report.Terminal;

namespace Gateway.LoadTest.Generate;

/// <summary>The targets that the gateway is compared with: baseline servers as child processes and a second gateway.</summary>
internal sealed class ComparisonTargets : IAsyncDisposable
{
    private readonly List<BaselineProcess> _processes = [];
    private readonly List<string> _warnings = [];
    private TargetLoad? _ceiling;
    private TargetLoad? _publish;
    private TargetLoad? _other;
    private OperatorClient? _otherOperator;

    public static ComparisonTargets None => new();

    /// <summary>The omitted targets, with the reason.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    public static async Task<ComparisonTargets> StartAsync(
        LoadOptions options, ConfiguredSources sources, IDisplay display, CancellationToken cancellationToken)
    {
        var targets = new ComparisonTargets();
        try
        {
            await targets.AddOtherAsync(options, sources, display, cancellationToken);
            if (!options.Compare) return targets;
            targets._ceiling = await targets.StartAsync(
                "ceiling", [BaselineCommand.Ceiling], options, sources, display, cancellationToken);
            if (options.CompareRabbitMq is { } broker)
            {
                var arguments = BaselineCommand.PublishArguments(broker, options.CompareRedis);
                targets._publish = await targets.StartAsync(
                    "one publish per request", arguments, options, sources, display, cancellationToken);
            }
            else
            {
                targets._warnings.Add("One publish per request is left out: it needs --compare-rabbitmq or RABBITMQ_URL.");
            }

            if (options is { CompareRabbitMq: not null, CompareRedis: null })
                targets._warnings.Add("One publish per request runs without Redis: --compare-redis or REDIS_HOST adds a SET NX.");
            return targets;
        }
        catch
        {
            await targets.DisposeAsync();
            throw;
        }
    }

    public Task<LoadResult?> LoadCeilingAsync(string title, CancellationToken cancellationToken)
        => LoadAsync(_ceiling, title, cancellationToken);

    public Task<LoadResult?> LoadPublishAsync(string title, CancellationToken cancellationToken)
        => LoadAsync(_publish, title, cancellationToken);

    public Task<LoadResult?> LoadOtherAsync(string title, CancellationToken cancellationToken)
        => LoadAsync(_other, title, cancellationToken, _otherOperator);

    public async ValueTask DisposeAsync()
    {
        _otherOperator?.Dispose();
        foreach (var process in _processes) await process.DisposeAsync();
        _processes.Clear();
    }

    private async Task<TargetLoad> StartAsync(
        string name, IReadOnlyList<string> command, LoadOptions options, ConfiguredSources sources, IDisplay display,
        CancellationToken cancellationToken)
    {
        var process = await BaselineProcess.StartAsync(command, cancellationToken);
        _processes.Add(process);
        var target = await Target.OfAsync(name, process.Address, cancellationToken);
        return new TargetLoad(
            options, display, target, () => sources.NewMix(options.Sources.Shares, target.IngestUri), server: null);
    }

    /// <summary>The second gateway already runs. With access to its operator API the tool waits until it is idle.</summary>
    private async Task AddOtherAsync(
        LoadOptions options, ConfiguredSources sources, IDisplay display, CancellationToken cancellationToken)
    {
        if (options.OtherName is not { } name) return;
        var url = options.Against ?? options.Url;
        var target = await Target.OfAsync(name, url, cancellationToken);
        var shares = options.Sources.Against is { Count: > 0 } against ? against : options.Sources.Shares;
        _other = new TargetLoad(options, display, target, () => sources.NewMix(shares, target.IngestUri), server: null);
        var client = new OperatorClient(url, options.ApiKey);
        if (await client.IsAvailableAsync(cancellationToken)) _otherOperator = client;
        else client.Dispose();
    }

    private static async Task<LoadResult?> LoadAsync(
        TargetLoad? target, string title, CancellationToken cancellationToken, OperatorClient? gateway = null)
    {
        if (target is null || cancellationToken.IsCancellationRequested) return null;
        await target.WarmUpAsync(gateway, cancellationToken);
        var (result, _) = await target.LoadAsync(title, cancellationToken);
        // A busy worker would slow down the next target: a gateway loaded second reached 0.85 of the rate of the first.
        if (gateway is not null) await target.WaitUntilIdleAsync(gateway, cancellationToken);
        return result;
    }
}
