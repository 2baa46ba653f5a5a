using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;

namespace Gateway.EventsGateway.Tests.Harnesses;

/// <summary>Pauses without a store.</summary>
internal sealed class MemoryPauses(TimeProvider time) : IPauseRepository
{
    private readonly List<RoutingPause> _all = [];

    public static RoutingPauses None { get; } = new(new MemoryPauses(TimeProvider.System), TimeProvider.System);

    public Task<IReadOnlyList<RoutingPause>> ListAsync(CancellationToken cancellationToken)
        => Task.FromResult<IReadOnlyList<RoutingPause>>([.. _all]);

    public Task<bool> PauseAsync(RoutingScope scope, string by)
    {
        _all.Add(new RoutingPause(scope, time.GetUtcNow(), by, null));
        return Task.FromResult(true);
    }

    public Task<bool> ResumeAsync(RoutingScope scope)
    {
        var at = _all.FindIndex(pause => pause.IsCurrent && pause.Scope == scope);
        if (at >= 0) _all[at] = _all[at] with { ResumedAt = time.GetUtcNow() };
        return Task.FromResult(at >= 0);
    }
}
