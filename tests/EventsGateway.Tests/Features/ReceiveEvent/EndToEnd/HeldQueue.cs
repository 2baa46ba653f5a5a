using System.Collections.Concurrent;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Queue;
using Gateway.Shared.Errors;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent.EndToEnd;

/// <summary>Wraps the queue of the host: it hangs until the test releases it, or fails while the test demands it.</summary>
internal sealed class HeldQueue : IEventQueue
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IEventQueue? _real;
    private int _held;

    /// <summary>Events that have reached the queue.</summary>
    public int Held => Volatile.Read(ref _held);

    public ConcurrentQueue<int> GroupSizes { get; } = [];

    public bool Breaks { get; set; }

    public void Release() => _released.TrySetResult();

    public void AddTo(IServiceCollection services)
        => services.Decorate<IEventQueue>(real =>
        {
            _real = real;
            return this;
        });

    public async Task<IReadOnlyList<EnqueueResult>> EnqueueAsync(IReadOnlyList<AcceptedEvent> group)
    {
        if (Breaks) throw new BackendUnavailableException("test", "the disk is on fire");
        GroupSizes.Enqueue(group.Count);
        Interlocked.Add(ref _held, group.Count);
        await _released.Task;
        return await _real!.EnqueueAsync(group);
    }

    public Task ProbeAsync() => _real!.ProbeAsync();
}
