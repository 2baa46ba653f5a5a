namespace Gateway.EventsGateway.Tests.Unit.ProcessEvent;

/// <summary>How attempts end when they do not end by themselves.</summary>
public sealed class AttemptRunnerTests : IAsyncLifetime
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan HandBack = TimeSpan.FromSeconds(2);

    private readonly DispatcherBench _bench = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task R16_at_a_stop_attempts_may_finish_and_nothing_new_begins()
    {
        var attempt = await BeginOneAsync();
        var stopped = _bench.Dispatcher.StoppingAsync(CancellationToken.None);
        _bench.Store.Claims.Rest();
        _bench.Work.Raise();

        attempt.CutOff.IsCancellationRequested.ShouldBeFalse();
        attempt.End();

        await stopped;
        _bench.Store.Claims.Rest().ShouldBeEmpty();
        _bench.Dispatcher.IsTurning.ShouldBeFalse();
    }

    [Fact]
    public async Task R16_an_attempt_that_does_not_finish_is_cut_off_and_hands_its_event_back()
    {
        var attempt = await BeginOneAsync();
        var stopped = _bench.Dispatcher.StoppingAsync(CancellationToken.None);
        await _bench.Time.TimerRunsAsync(Grace);
        using var handsBack = attempt.CutOff.Register(attempt.End);

        _bench.Time.Advance(Grace);

        await stopped;
        attempt.CutOff.IsCancellationRequested.ShouldBeTrue();
        _bench.InFlight.ShouldBe(0);
    }

    [Fact]
    public async Task R16_a_stop_ends_even_when_an_attempt_does_not()
    {
        var attempt = await BeginOneAsync();
        var stopped = _bench.Dispatcher.StoppingAsync(CancellationToken.None);
        await _bench.Time.TimerRunsAsync(Grace);
        _bench.Time.Advance(Grace);
        await _bench.Time.TimerRunsAsync(HandBack);
        attempt.LastCall.IsCancellationRequested.ShouldBeFalse();

        _bench.Time.Advance(HandBack);

        await stopped;
        attempt.LastCall.IsCancellationRequested.ShouldBeTrue();
        _bench.InFlight.ShouldBe(1);
    }

    [Fact]
    public async Task An_attempt_has_25_seconds()
    {
        var attempt = await BeginOneAsync();

        _bench.Time.Advance(TimeSpan.FromSeconds(25) - TimeSpan.FromMilliseconds(1));
        attempt.CutOff.IsCancellationRequested.ShouldBeFalse();
        _bench.Time.Advance(TimeSpan.FromMilliseconds(1));

        attempt.CutOff.IsCancellationRequested.ShouldBeTrue();
        attempt.LastCall.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task A_stop_without_work_ends_at_once()
    {
        await _bench.StartAsync();
        await _bench.Store.Claims.NextAsync();
        _bench.Dispatcher.IsTurning.ShouldBeTrue();

        await _bench.Dispatcher.StoppingAsync(CancellationToken.None);

        _bench.Dispatcher.IsTurning.ShouldBeFalse();
    }

    private async Task<BegunAttempt> BeginOneAsync()
    {
        var batches = new Queue<Repositories.ClaimedBatch>([_bench.Batch(1)]);
        _bench.Store.OnClaim = _ => batches.TryDequeue(out var batch) ? batch : StubStore.Nothing;
        await _bench.StartAsync();
        return (await _bench.BegunAsync(1))[0];
    }
}
