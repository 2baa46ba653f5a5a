using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Display;
using Gateway.LoadTest.Http;
using Gateway.LoadTest.Results;
using Gateway.LoadTest.Run;

namespace Gateway.LoadTest.Baselines;

/// <summary>The servers that the gateway is compared with, as processes of their own on this machine.</summary>
internal sealed class Rivals : IAsyncDisposable
{
    private readonly List<BaselineProcess> _processes = [];
    private readonly List<string> _notes = [];
    private TargetLoad? _ceiling;
    private TargetLoad? _publish;

    public static Rivals None => new();

    /// <summary>What is left out, and why.</summary>
    public IReadOnlyList<string> Notes => _notes;

    public static async Task<Rivals> StartAsync(LoadOptions options, IDisplay display, CancellationToken cancellationToken)
    {
        var rivals = new Rivals();
        try
        {
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

    public async ValueTask DisposeAsync()
    {
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

    private static async Task<LoadResult?> LoadAsync(TargetLoad? rival, string title, CancellationToken cancellationToken)
    {
        if (rival is null || cancellationToken.IsCancellationRequested) return null;
        await rival.WarmUpAsync(settle: null, cancellationToken);
        return (await rival.LoadAsync(title, cancellationToken)).Result;
    }
}
