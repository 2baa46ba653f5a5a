using System.Text.Json;
using Gateway.Shared.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Features.Console.Live;

/// <summary>
/// Samples the metrics once a second, whether or not a console is open, and sends the same text to all open consoles: one more
/// console costs one write.
/// </summary>
internal sealed class LiveFeed : PollingService
{
    private const int Kept = 300;
    private const int MaxStreams = 32;

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly Lock _changing = new();
    private readonly Queue<LiveSample> _history = new(Kept);
    private readonly List<LiveStream> _streams = [];
    private readonly LiveSampler _sampler;
    private readonly LiveState _state;
    private readonly TimeProvider _time;
    private readonly ILogger<LiveFeed> _log;
    private readonly bool _isServed;
    private readonly PeriodicTimer _tick;
    private bool _hasEnded;

    public LiveFeed(
        LiveSampler sampler, LiveState state, IServiceProvider services, IHostApplicationLifetime lifetime, TimeProvider time,
        ILogger<LiveFeed> log)
        : base(faultWait: Step, stopGrace: TimeSpan.Zero, time)
    {
        (_sampler, _state, _time, _log) = (sampler, state, time, log);
        _isServed = EventsGatewayModule.ServesConsole(services);
        _tick = new PeriodicTimer(Step, time);
        // Before the server waits for its connections to end.
        lifetime.ApplicationStopping.Register(EndAll);
    }

    /// <summary>Sends the history, then the current state at once and every second; null if too many consoles are open.</summary>
    public async Task<LiveStream?> OpenAsync(Func<bool> isStillIn)
    {
        var newest = Newest();
        var live = newest is null ? null : await LiveAt(newest);
        lock (_changing)
        {
            if (_hasEnded || _streams.Count == MaxStreams) return null;
            var stream = new LiveStream(Close, isStillIn, _time);
            // If a second has passed meanwhile, the next point follows soon.
            var isNewest = live is not null && ReferenceEquals(newest, _history.Last());
            var before = isNewest ? _history.SkipLast(1) : _history;
            var history = new LiveHistory((int)Step.TotalSeconds, [.. before.Select(one => one.Point)]);
            stream.Send("history", JsonSerializer.Serialize(history, LiveJson.Default.LiveHistory));
            if (isNewest) stream.Send("live", live!);
            _streams.Add(stream);
            return stream;
        }
    }

    public override Task StartedAsync(CancellationToken cancellationToken)
        => _isServed ? base.StartedAsync(cancellationToken) : Task.CompletedTask;

    protected override async Task RunOnceAsync(CancellationToken stop)
    {
        await _tick.WaitForNextTickAsync(stop);
        var sample = _sampler.Next();
        var live = HasListeners() ? await LiveAt(sample) : null;
        lock (_changing)
        {
            // Under one lock, so that a console that opens now gets the point exactly once.
            if (_history.Count == Kept) _history.Dequeue();
            _history.Enqueue(sample);
            if (live is null) return;
            foreach (var stream in _streams) stream.Send("live", live);
        }
    }

    protected override void Report(Exception fault, TimeSpan wait, bool isFirstFailure)
        => OperationsLog.LiveSampleFailed(_log, fault);

    private bool HasListeners()
    {
        lock (_changing) return _streams.Count > 0;
    }

    private LiveSample? Newest()
    {
        lock (_changing) return _history.LastOrDefault();
    }

    private async Task<string> LiveAt(LiveSample sample)
        => JsonSerializer.Serialize(await _state.AtAsync(sample), LiveJson.Default.LiveSnapshot);

    private void Close(LiveStream stream)
    {
        lock (_changing) _streams.Remove(stream);
    }

    private void EndAll()
    {
        lock (_changing)
        {
            _hasEnded = true;
            foreach (var stream in _streams) stream.End();
        }
    }
}
