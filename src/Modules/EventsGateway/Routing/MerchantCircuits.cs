using System.Diagnostics.CodeAnalysis;

namespace Gateway.EventsGateway.Routing;

/// <summary>
/// The circuits of merchants. The longest unused closed one makes room for another; where all are open, further merchants have
/// none. The caller holds a lock.
/// </summary>
internal sealed class MerchantCircuits(RoutingOptions options)
{
    public const int Most = 10_000;

    private readonly Dictionary<string, LinkedListNode<Circuit>> _byName = [];
    private readonly LinkedList<Circuit> _byUse = [];
    private readonly HashSet<Circuit> _troubled = [];

    public bool IsAnyTroubled => _troubled.Count > 0;

    public int Open => _troubled.Count(circuit => !circuit.IsClosed);

    public bool TryGet(string merchant, [NotNullWhen(true)] out Circuit? circuit)
    {
        circuit = _byName.TryGetValue(merchant, out var node) ? node.Value : null;
        return circuit is not null;
    }

    /// <summary>The circuit for a call.</summary>
    public Circuit? Use(string merchant, TimeSpan now)
    {
        if (_byName.TryGetValue(merchant, out var node)) _byUse.Remove(node);
        else if (_byName.Count >= Most && !MakeRoom(now)) return null;
        else _byName[merchant] = node = new LinkedListNode<Circuit>(new Circuit(merchant, options));
        _byUse.AddLast(node);
        return node.Value;
    }

    /// <summary>It has opened or is paused. A circuit that made room while its last calls ran would stay for ever.</summary>
    public void AddTroubled(Circuit circuit)
    {
        if (TryGet(circuit.Merchant!, out var current) && current == circuit) _troubled.Add(circuit);
    }

    /// <summary>Of circuits that are open, half-open or paused.</summary>
    public List<string> NamesWhere(TimeSpan now, Func<Circuit, bool> matches)
    {
        _troubled.RemoveWhere(circuit => circuit.IsClosed && circuit.RestAt(now) == TimeSpan.Zero);
        return [.. _troubled.Where(matches).Select(circuit => circuit.Merchant!)];
    }

    private bool MakeRoom(TimeSpan now)
    {
        for (var node = _byUse.First; node is not null; node = node.Next)
        {
            if (!node.Value.IsClosed || node.Value.RestAt(now) > TimeSpan.Zero) continue;
            _troubled.Remove(node.Value);
            _byUse.Remove(node);
            return _byName.Remove(node.Value.Merchant!);
        }

        return false;
    }
}
