using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;
using Gateway.Shared.Hosting;
using MediatR;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>Starts attempts, counts those in flight, and ends them within a bounded time.</summary>
internal sealed class AttemptRunner(
    IMediator mediator, WorkSignal work, RoutingTarget target, CallSlots slots, IOptions<ProcessingOptions> options,
    TimeProvider time, ILogger<AttemptRunner> log) : IDisposable
{
    /// <summary>How long the stop waits until attempts that were cut off are released.</summary>
    private static readonly TimeSpan ReleaseGrace = TimeSpan.FromSeconds(2);

    private readonly ProcessingOptions _options = options.Value;
    private readonly Lock _ending = new();
    private readonly CancellationTokenSource _cutOff = new();
    private readonly CancellationTokenSource _drainEnded = new();
    private long _progress = time.GetTimestamp();
    private int _inFlight;
    private Task? _end;

    public int InFlight => Volatile.Read(ref _inFlight);

    public int Slots => slots.Count;

    public int FreeSlots => slots.FreeBeside(InFlight);

    public void ClaimBegins() => slots.ClaimBegins();

    /// <summary>The time since an attempt last ended, or began while no other was running.</summary>
    public TimeSpan SinceProgress => time.GetElapsedTime(Volatile.Read(ref _progress));

    /// <summary>Throws when the address of the routing service is not known.</summary>
    public void Start()
        => EventsGatewayLog.WorkerStarted(log, slots.Count, _options.MaxRetries, RoutingTarget.TextOf(target.Url));

    /// <summary>The task ends with the attempt and never fails.</summary>
    public Task Begin(ClaimedEvent claimed)
    {
        if (Interlocked.Increment(ref _inFlight) == 1) Volatile.Write(ref _progress, time.GetTimestamp());
        return Task.Run(() => RunAsync(claimed));
    }

    public async Task IdleAsync(CancellationToken cancellationToken)
    {
        while (InFlight > 0) await work.WaitAsync(_options.AttemptTimeout, cancellationToken);
    }

    /// <summary>Lets attempts finish, then cuts off the others, then stops waiting for the store.</summary>
    public Task StopAsync()
    {
        // The host may call this twice; both calls wait for the same task.
        lock (_ending) return _end ??= EndAsync();
    }

    public void Dispose()
    {
        _cutOff.Dispose();
        _drainEnded.Dispose();
    }

    private async Task EndAsync()
    {
        if (!await IsIdleWithinAsync(_options.StopGrace))
        {
            await _cutOff.CancelAsync();
            await IsIdleWithinAsync(ReleaseGrace);
        }

        await _drainEnded.CancelAsync();
        if (InFlight == 0) EventsGatewayLog.WorkerStopped(log);
        else EventsGatewayLog.WorkerCutShort(log, InFlight);
    }

    private async Task RunAsync(ClaimedEvent claimed)
    {
        try
        {
            using var timeUp = new CancellationTokenSource(_options.AttemptTimeout, time);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, _cutOff.Token);
            await mediator.Send(new ProcessEventCommand(claimed, _drainEnded.Token), end.Token);
        }
        catch (OperationCanceledException) when (_drainEnded.IsCancellationRequested)
        {
            // The drain has logged how many attempts were not saved. Their claims expire.
        }
        catch (Exception fault)
        {
            // The outcome was not saved. The claim expires, which counts as an abandoned attempt.
            EventsGatewayLog.AttemptBroke(log, claimed.Event.Key, new TraceId(claimed.Event.Traceparent), fault);
        }
        finally
        {
            Volatile.Write(ref _progress, time.GetTimestamp());
            Interlocked.Decrement(ref _inFlight);
            work.Wake();
        }
    }

    private async Task<bool> IsIdleWithinAsync(TimeSpan limit)
    {
        using var timer = new CancellationTokenSource(limit, time);
        try
        {
            await IdleAsync(timer.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
