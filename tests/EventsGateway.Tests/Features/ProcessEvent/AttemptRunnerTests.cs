using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Features.ProcessEvent;

/// <summary>How attempts end when they do not end by themselves.</summary>
public sealed class AttemptRunnerTests : IAsyncLifetime
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan ReleaseGrace = TimeSpan.FromSeconds(2);

    private readonly DispatcherFixture _fixture = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    [Trait("Defect", "R16")]
    public async Task Stop_lets_attempts_finish_and_begins_no_new_ones()
    {
        var attempt = await BeginOneAsync();
        var stopped = _fixture.Dispatcher.StoppingAsync(CancellationToken.None);
        _fixture.Store.Claims.Rest();
        _fixture.Work.Raise();

        attempt.CutOff.IsCancellationRequested.ShouldBeFalse();
        attempt.End();

        await stopped;
        _fixture.Store.Claims.Rest().ShouldBeEmpty();
        _fixture.Dispatcher.IsAlive.ShouldBeFalse();
    }

    [Fact]
    [Trait("Defect", "R16")]
    public async Task Stop_cuts_off_an_attempt_that_does_not_finish()
    {
        var attempt = await BeginOneAsync();
        var stopped = _fixture.Dispatcher.StoppingAsync(CancellationToken.None);
        await _fixture.Time.TimerRunsAsync(Grace);
        using var released = attempt.CutOff.Register(attempt.End);

        _fixture.Time.Advance(Grace);

        await stopped;
        attempt.CutOff.IsCancellationRequested.ShouldBeTrue();
        _fixture.InFlight.ShouldBe(0);
    }

    [Fact]
    [Trait("Defect", "R16")]
    public async Task Stop_ends_even_when_an_attempt_does_not()
    {
        var attempt = await BeginOneAsync();
        var stopped = _fixture.Dispatcher.StoppingAsync(CancellationToken.None);
        await _fixture.Time.TimerRunsAsync(Grace);
        _fixture.Time.Advance(Grace);
        await _fixture.Time.TimerRunsAsync(ReleaseGrace);
        attempt.DrainEnded.IsCancellationRequested.ShouldBeFalse();

        _fixture.Time.Advance(ReleaseGrace);

        await stopped;
        attempt.DrainEnded.IsCancellationRequested.ShouldBeTrue();
        _fixture.InFlight.ShouldBe(1);
    }

    [Fact]
    public async Task Attempt_has_25_seconds()
    {
        var attempt = await BeginOneAsync();

        _fixture.Time.Advance(TimeSpan.FromSeconds(25) - TimeSpan.FromMilliseconds(1));
        attempt.CutOff.IsCancellationRequested.ShouldBeFalse();
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(1));

        attempt.CutOff.IsCancellationRequested.ShouldBeTrue();
        attempt.DrainEnded.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task Stop_without_work_ends_at_once()
    {
        await _fixture.StartAsync();
        await _fixture.Store.Claims.NextAsync();
        _fixture.Dispatcher.IsAlive.ShouldBeTrue();

        await _fixture.Dispatcher.StoppingAsync(CancellationToken.None);

        _fixture.Dispatcher.IsAlive.ShouldBeFalse();
    }

    private async Task<BegunAttempt> BeginOneAsync()
    {
        var batches = new Queue<ClaimedBatch>([_fixture.Batch(1)]);
        _fixture.Store.OnClaim = _ => batches.TryDequeue(out var batch) ? batch : StubStore.Nothing;
        await _fixture.StartAsync();
        return (await _fixture.BegunAsync(1))[0];
    }
}
