using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Routing;

/// <summary>What this process knows of a moment, apart from the event's own calls.</summary>
/// <param name="LastRoutedBegan">When the last routed call began.</param>
/// <param name="Routed">Calls of the last minute that were routed.</param>
/// <param name="NotRouted">Calls of the last minute that were not.</param>
/// <param name="LastOtherWasRouted">The last call of another event; null without one within a minute.</param>
internal readonly record struct CallKnowledge(
    DateTimeOffset LastRoutedBegan, int Routed, int NotRouted, bool? LastOtherWasRouted);

/// <summary>
/// The calls of the last minute, by the store's clock. A new process knows nothing, nor does one whose clock was set back.
/// </summary>
internal sealed class RecentCalls
{
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private const int Seconds = 60;

    private readonly Lock _lock = new();
    private readonly (long Second, int Routed, int NotRouted)[] _window = new (long, int, int)[Seconds];
    private DateTimeOffset _lastRoutedBegan;
    private Call _last;
    private Call _lastOfAnother;

    public void Add(EventKey key, DateTimeOffset began, DateTimeOffset ended, bool isRouted)
    {
        lock (_lock)
        {
            if (isRouted && (began > _lastRoutedBegan || _lastRoutedBegan > ended)) _lastRoutedBegan = began;
            if (_last.Key != key) _lastOfAnother = _last;
            _last = new Call(key, ended, isRouted);
            var second = ended.ToUnixTimeSeconds();
            ref var slice = ref _window[second % Seconds];
            if (slice.Second != second) slice = (second, 0, 0);
            if (isRouted) slice.Routed++;
            else slice.NotRouted++;
        }
    }

    public CallKnowledge At(DateTimeOffset now, EventKey key)
    {
        lock (_lock)
        {
            var newest = now.ToUnixTimeSeconds();
            var (routed, notRouted) = (0, 0);
            foreach (var slice in _window)
            {
                if (slice.Second <= newest - Seconds || slice.Second > newest) continue;
                routed += slice.Routed;
                notRouted += slice.NotRouted;
            }

            var other = _last.Key == key ? _lastOfAnother : _last;
            return new CallKnowledge(
                _lastRoutedBegan > now ? default : _lastRoutedBegan, routed, notRouted,
                other.Ended > now - Memory && other.Ended <= now ? other.IsRouted : null);
        }
    }

    private readonly record struct Call(EventKey? Key, DateTimeOffset Ended, bool IsRouted);
}
