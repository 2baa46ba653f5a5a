using System.Diagnostics.CodeAnalysis;

namespace Gateway.EventsGateway.Sources.Bodies;

/// <summary>
/// All paths of a source as one tree, compiled once: a body is read in one pass, and the JSON inside its text field in another.
/// </summary>
internal sealed class BodyPlan
{
    /// <summary>More items are too many for one request.</summary>
    public const int MaxItems = 500;

    private readonly Dictionary<SourcePath, PathNode> _nodes = new(ReferenceEqualityComparer.Instance);
    private readonly int[] _widths = new int[Enum.GetValues<BodyScope>().Length];
    private readonly PathNode _body = new(BodyScope.Body);
    private readonly PathNode _inner = new(BodyScope.Inner);

    /// <param name="ofBody">Their <c>$</c> is the body, under <c>Each</c> too.</param>
    /// <param name="ofItem">Their <c>$</c> is the item.</param>
    /// <param name="each">Ends with <c>[*]</c>.</param>
    /// <param name="inner">Names a text field of the body that holds JSON.</param>
    public BodyPlan(
        IEnumerable<SourcePath> ofBody, IEnumerable<SourcePath>? ofItem = null, SourcePath? each = null, SourcePath? inner = null)
    {
        (Each, Inner) = (each, inner);
        var (enclosing, item) = AddEach();
        foreach (var path in ofBody) Add(path, path.Root == PathRoot.Inner ? _inner : _body);
        foreach (var path in ofItem ?? [])
        {
            var from = path.Root is PathRoot.Item ? item : path.Root is PathRoot.Enclosing ? enclosing : _body;
            Add(path, path.Root is PathRoot.Inner ? _inner : from);
        }

        if (inner is not null) Add(inner, _body);
    }

    /// <summary>The array of the items; null where the body is one event.</summary>
    public SourcePath? Each { get; }

    /// <summary>The text field that holds JSON.</summary>
    public SourcePath? Inner { get; }

    /// <summary>Whether the body has items.</summary>
    public bool HasEach => Each is not null;

    private bool HasEnclosing => Each?.AllSteps == 2;

    private (PathNode Enclosing, PathNode Item) AddEach()
    {
        var (enclosing, item) = (_body, _body);
        foreach (var step in Each?.Steps ?? [])
        {
            if (step != PathStep.All)
            {
                item = item.Child(step);
                continue;
            }

            var isFirstOfTwo = HasEnclosing && item.Scope == BodyScope.Body;
            item = item.Each = new PathNode(isFirstOfTwo ? BodyScope.Enclosing : BodyScope.Item);
            if (isFirstOfTwo) enclosing = item;
        }

        return (enclosing, item);
    }

    private void Add(SourcePath path, PathNode from)
    {
        var node = path.Steps.Aggregate(from, (at, step) => at.Child(step));
        node.Slot ??= _widths[(int)node.Scope]++;
        _nodes[path] = node;
    }

    /// <summary>Null for a path of another plan.</summary>
    public PathNode? Find(SourcePath path) => _nodes.GetValueOrDefault(path);

    /// <summary>Reads the whole body: what is not JSON of at most 64 levels is an error, never an exception.</summary>
    public bool TryRead(
        ReadOnlyMemory<byte> body, [NotNullWhen(true)] out BodyValues? values, [NotNullWhen(false)] out string? error)
    {
        if (body.Span.StartsWith("\uFEFF"u8)) body = body[3..];
        var rows = new BodyRows(_widths, HasEnclosing);
        values = new BodyValues(this, rows, body);
        error = BodyReader.Read(body.Span, _body, rows);
        if (error is not null)
        {
            values = null;
            return false;
        }

        if (Inner is null) return true;
        using var inner = new TextBuffer();
        if (values.Append(Inner, 0, inner)) values.Inner = inner.Written.ToArray();
        // Where the inner text is missing or no JSON, its paths are missing.
        if (BodyReader.Read(values.Inner, _inner, rows) is not null) rows.Clear(_inner);
        return true;
    }
}
