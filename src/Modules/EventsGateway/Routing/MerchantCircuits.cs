using System.Diagnostics.CodeAnalysis;
using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Routing;

/// <summary>
/// The circuits of merchants, one at each source. The longest unused closed one makes room for another; where all are open,
/// further merchants have none. The caller holds a lock.
/// </summary>
internal sealed class MerchantCircuits(RoutingOptions options)
{
    public const int Most = 10_000;

    private readonly Dictionary<RoutingScope, LinkedListNode<Circuit>> _byScope = [];
    private readonly LinkedList<Circuit> _byUse = [];
    private readonly HashSet<Circuit> _troubled = [];

    public bool IsAnyTroubled => _troubled.Count > 0;

    public int Open => _troubled.Count(circuit => !circuit.IsClosed);

    public bool TryGet(RoutingScope scope, [NotNullWhen(true)] out Circuit? circuit)
    {
        circuit = _byScope.TryGetValue(scope, out var node) ? node.Value : null;
        return circuit is not null;
    }

    /// <summary>The circuit for a call.</summary>
    public Circuit? Use(RoutingScope scope, TimeSpan now)
    {
        if (_byScope.TryGetValue(scope, out var node)) _byUse.Remove(node);
        else if (_byScope.Count >= Most && !MakeRoom(now)) return null;
        else _byScope[scope] = node = new LinkedListNode<Circuit>(new Circuit(scope, options));
        _byUse.AddLast(node);
        return node.Value;
    }

    /// <summary>It has opened or is paused. A circuit that made room while its last calls ran would stay for ever.</summary>
    public void AddTroubled(Circuit circuit)
    {
        if (TryGet(circuit.Scope, out var current) && current == circuit) _troubled.Add(circuit);
    }

    /// <summary>Of circuits that are open, half-open or paused.</summary>
    public List<RoutingScope> ScopesWhere(TimeSpan now, Func<Circuit, bool> matches)
    {
        _troubled.RemoveWhere(circuit => circuit.IsClosed && circuit.RestAt(now) == TimeSpan.Zero);
        return [.. _troubled.Where(matches).Select(circuit => circuit.Scope)];
    }

    private bool MakeRoom(TimeSpan now)
    {
        for (var node = _byUse.First; node is not null; node = node.Next)
        {
            if (!node.Value.IsClosed || node.Value.RestAt(now) > TimeSpan.Zero) continue;
            _troubled.Remove(node.Value);
            _byUse.Remove(node);
            return _byScope.Remove(node.Value.Scope);
        }

        return false;
    }
}
