using System.Text;
using System.Text.Json;
using Gateway.Shared.Json;

namespace Gateway.EventsGateway.Sources.Bodies;

/// <summary>What a path is read from; each has its rows of values.</summary>
internal enum BodyScope
{
    Body,

    /// <summary>Of two <c>[*]</c>, the items of the first.</summary>
    Enclosing,
    Item,
    Inner,
}

/// <summary>A value of the body that a path names or leads through.</summary>
internal sealed class PathNode(BodyScope scope)
{
    private readonly List<(byte[] Name, PathNode Node)> _members = [];
    private readonly List<(int Index, PathNode Node)> _elements = [];
    private readonly List<PathNode> _children = [];

    public BodyScope Scope => scope;

    /// <summary>Of the same scope.</summary>
    public IReadOnlyList<PathNode> Children => _children;

    /// <summary>Where the value stands in the row of its scope; null where no path ends here.</summary>
    public int? Slot { get; set; }

    /// <summary>The items, if this is the array of <c>Each</c>.</summary>
    public PathNode? Each { get; set; }

    public PathNode? Last { get; private set; }

    public bool HasMembers => _members.Count > 0;

    public bool HasElements => _elements.Count > 0 || Last is not null || Each is not null;

    public PathNode Child(PathStep step)
    {
        var name = Encoding.UTF8.GetBytes(step.Name ?? "");
        var isLast = step.Name is null && step.Index == PathStep.Last;
        var found = isLast ? Last
            : step.Name is null ? Element(step.Index)
            : _members.Find(member => member.Name.AsSpan().SequenceEqual(name)).Node;
        if (found is not null) return found;
        var child = new PathNode(scope);
        _children.Add(child);
        if (isLast) Last = child;
        else if (step.Name is null) _elements.Add((step.Index, child));
        else _members.Add((name, child));
        return child;
    }

    public PathNode? Element(int index)
    {
        foreach (var (at, node) in _elements) if (at == index) return node;
        return null;
    }

    /// <param name="json">At a member's name.</param>
    public PathNode? Member(ref Utf8JsonReader json)
    {
        foreach (var (name, node) in _members) if (JsonText.Equals(ref json, name)) return node;
        return null;
    }
}
