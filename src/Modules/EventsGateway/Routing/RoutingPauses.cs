using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Routing;

/// <summary>The pauses of routing as this process has read them last.</summary>
internal sealed class RoutingPauses(IPauseRepository store, TimeProvider time)
{
    private IReadOnlyList<RoutingPause> _all = [];
    private long _readAt;
    private long _endedAt = -1;

    public IReadOnlyList<RoutingPause> Current => [.. All.Where(pause => pause.IsCurrent)];

    public bool IsAny => All.Any(pause => pause.IsCurrent);

    public bool IsAllPaused => All.Any(pause => pause.IsCurrent && pause.Scope == RoutingScope.All);

    /// <summary>The paused sources and merchants.</summary>
    public IReadOnlyList<RoutingScope> Scopes => [.. Current.Select(pause => pause.Scope).Where(one => one != RoutingScope.All)];

    /// <summary>Since this process has seen a pause end; the longest time where it has seen none.</summary>
    public TimeSpan SinceResumed => Volatile.Read(ref _endedAt) is >= 0 and var at ? time.GetElapsedTime(at) : TimeSpan.MaxValue;

    /// <summary>For health checks and the console; null without a pause.</summary>
    public string? Description => Current is { Count: > 0 } current
        ? "routing is paused, events wait: " + string.Join(", ", current.Take(5).Select(TextOf))
            + (current.Count > 5 ? $" and {current.Count - 5} more" : "")
        : null;

    private IReadOnlyList<RoutingPause> All => Volatile.Read(ref _all);

    /// <summary>How long calls for this event were paused since then. It does not count for a deadline.</summary>
    public TimeSpan PausedSince(DateTimeOffset from, DateTimeOffset now, EventEntity e)
        => Sum(All.Where(pause => pause.Scope.Contains(e)), from, now);

    /// <summary>How long anything was paused, as far as it is known.</summary>
    public TimeSpan PausedEver(DateTimeOffset now) => Sum(All, DateTimeOffset.MinValue, now);

    private static TimeSpan Sum(IEnumerable<RoutingPause> pauses, DateTimeOffset from, DateTimeOffset now)
    {
        var (sum, until) = (TimeSpan.Zero, from);
        // Oldest first. Pauses of different scopes may overlap.
        foreach (var pause in pauses)
        {
            var begin = pause.Since > until ? pause.Since : until;
            var end = pause.ResumedAt ?? now;
            if (end <= begin) continue;
            sum += end - begin;
            until = end;
        }

        return sum;
    }

    /// <summary>Reads them, unless they were read within this time.</summary>
    public async Task RefreshAsync(TimeSpan maxAge, CancellationToken stop)
    {
        if (_readAt != 0 && time.GetElapsedTime(_readAt) < maxAge) return;
        var read = await store.ListAsync(stop);
        if (Current.Count > read.Count(pause => pause.IsCurrent)) Volatile.Write(ref _endedAt, time.GetTimestamp());
        Volatile.Write(ref _all, read);
        _readAt = time.GetTimestamp();
    }

    private static string TextOf(RoutingPause pause)
        => $"{pause.Scope} since {pause.Since:u} by {pause.By}";
}
