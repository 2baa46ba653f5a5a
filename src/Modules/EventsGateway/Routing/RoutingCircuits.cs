using Gateway.EventsGateway.Entities;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Routing;

/// <summary>
/// One circuit per merchant at a source and one for all. A merchant whose calls fail does not stop the others, nor its events of
/// another source; a service that routes nothing gets no calls but probes.
/// </summary>
internal sealed class RoutingCircuits(
    IOptions<RoutingOptions> options, CallPace pace, TimeProvider time, ILogger<RoutingCircuits> log)
{
    private static readonly TimeSpan LongestPauseOfAll = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(1);

    private readonly RoutingOptions _options = options.Value;
    private readonly long _start = time.GetTimestamp();
    private readonly Lock _lock = new();
    private readonly Circuit _all = new(RoutingScope.All, options.Value);
    private readonly MerchantCircuits _merchants = new(options.Value);
    private string? _limitedMerchant;

    /// <summary>The circuit of all is closed.</summary>
    public bool IsClosed => Locked(_ => _all.IsClosed);

    /// <summary>Until a call may be made at all; zero when one may, a probe where the circuit of all is open.</summary>
    public TimeSpan BreakRemaining => Locked(_all.RestAt);

    /// <summary>Not positive during a break, very long before the first one.</summary>
    public TimeSpan SinceBreakEnded
        => Locked(now => _all.LastBreakEnd == TimeSpan.Zero ? TimeSpan.MaxValue : now - _all.LastBreakEnd);

    /// <summary>Zero while closed.</summary>
    public TimeSpan OpenFor => Locked(_all.OpenFor);

    /// <summary>For how long the circuit of all was probed without success.</summary>
    public TimeSpan ProbedFor => Locked(_ => _all.ProbedFor);

    public int OpenMerchants => Locked(_ => _merchants.Open);

    public bool IsAnyTroubled => Locked(_ => _merchants.IsAnyTroubled);

    /// <summary>Whose own circuit is open, half-open or paused.</summary>
    public IReadOnlyList<RoutingScope> TroubledScopes => Locked<IReadOnlyList<RoutingScope>>(
        now => _merchants.ScopesWhere(now, _ => true));

    /// <summary>Whose own circuit is open or half-open.</summary>
    public IReadOnlyList<RoutingScope> OpenScopes => Locked<IReadOnlyList<RoutingScope>>(
        now => _merchants.ScopesWhere(now, circuit => !circuit.IsClosed));

    /// <summary>Which may not be called now.</summary>
    public IReadOnlyList<RoutingScope> BlockedScopes
        => Locked<IReadOnlyList<RoutingScope>>(now => _merchants.ScopesWhere(now, circuit => !circuit.Admits(now)));

    /// <summary>Whose own circuit was probed without success for this long.</summary>
    public IReadOnlyList<RoutingScope> ScopesProbedFor(TimeSpan atLeast) => Locked<IReadOnlyList<RoutingScope>>(
        now => _merchants.ScopesWhere(now, circuit => circuit.ProbedFor >= atLeast));

    /// <summary>Until its circuit admits a call; null where it does. A half-open circuit admits one.</summary>
    public TimeSpan? BlockedFor(RoutingScope scope, out bool isHalfOpen)
    {
        lock (_lock)
        {
            isHalfOpen = false;
            if (!_merchants.TryGet(scope, out var circuit)) return null;
            isHalfOpen = !circuit.IsClosed;
            return circuit.Admits(Now) ? null : circuit.RestAt(Now);
        }
    }

    /// <summary>Null where no call may be made for <paramref name="rest"/>.</summary>
    public CallPermit? TryBegin(RoutingScope scope, out TimeSpan rest)
    {
        lock (_lock)
        {
            var now = Now;
            var own = _merchants.Use(scope, now);
            rest = own?.RestAt(now) is { } ownRest && ownRest > _all.RestAt(now) ? ownRest : _all.RestAt(now);
            if (!_all.Admits(now) || own?.Admits(now) == false) return null;
            return new CallPermit(own, own?.Begin() ?? false, _all.Begin());
        }
    }

    /// <param name="permit">Of the call.</param>
    /// <param name="response">Null where the call was cut off.</param>
    public void Ended(CallPermit permit, RoutingResponse? response)
    {
        lock (_lock)
        {
            var now = Now;
            switch (response?.Class)
            {
                case ResponseClass.Routed: Routed(permit, now); break;
                case ResponseClass.Transient or ResponseClass.Own: Failed(permit, now); break;
                case ResponseClass.Later: Limited(permit, now, response.RetryAfter ?? DefaultPause); break;
                default:
                    permit.Merchant?.Ended(permit.ProbesMerchant);
                    _all.Ended(permit.ProbesAll);
                    break;
            }
        }
    }

    private TimeSpan Now => time.GetElapsedTime(_start);

    private T Locked<T>(Func<TimeSpan, T> read)
    {
        lock (_lock) return read(Now);
    }

    private void Routed(CallPermit permit, TimeSpan now)
    {
        _limitedMerchant = null;
        pace.Succeeded();
        permit.Merchant?.Routed(now, permit.ProbesMerchant);
        if (permit.ProbesMerchant) EventsGatewayLog.MerchantCircuitClosed(log, permit.Merchant!.Scope.ToString());
        _all.Routed(now, permit.ProbesAll);
        if (permit.ProbesAll) EventsGatewayLog.CircuitClosed(log);
    }

    private void Failed(CallPermit permit, TimeSpan now)
    {
        // A merchant in trouble says nothing about the others.
        var speaksForAll = permit.Merchant is null or { IsClosed: true } || permit.ProbesAll;
        if (permit.Merchant is { } own && own.Failed(now, permit.ProbesMerchant))
        {
            _merchants.AddTroubled(own);
            if (!permit.ProbesMerchant) EventsGatewayLog.MerchantCircuitOpened(log, own.Scope.ToString(), _options.BreakerBreak);
        }

        if (speaksForAll && _all.Failed(now, permit.ProbesAll) && !permit.ProbesAll)
            EventsGatewayLog.CircuitOpened(log, _options.BreakerBreak);
    }

    /// <summary>A second limited merchant without a success between: it is a limit of the service.</summary>
    private void Limited(CallPermit permit, TimeSpan now, TimeSpan retryAfter)
    {
        _all.Limited(now, permit.ProbesAll);
        if (permit.Merchant is not { } own) return;
        own.Limited(now, permit.ProbesMerchant);
        own.Pause(now + retryAfter);
        _merchants.AddTroubled(own);
        if (_limitedMerchant is { } other && other != own.Scope.MerchantId && _all.RestAt(now) == TimeSpan.Zero)
        {
            _all.Pause(now + (retryAfter < LongestPauseOfAll ? retryAfter : LongestPauseOfAll));
            EventsGatewayLog.CallsLimited(log, pace.Halve());
        }

        _limitedMerchant = own.Scope.MerchantId;
    }
}
