using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;

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
    private readonly SourcePath? _innerText;

    /// <param name="ofBody">Their <c>$</c> is the body, under <c>Each</c> too.</param>
    /// <param name="ofItem">Their <c>$</c> is the item.</param>
    /// <param name="each">Ends with <c>[*]</c>.</param>
    /// <param name="inner">Names a text field of the body that holds JSON.</param>
    public BodyPlan(
        IEnumerable<SourcePath> ofBody, IEnumerable<SourcePath>? ofItem = null, SourcePath? each = null, SourcePath? inner = null)
    {
        var (enclosing, item) = AddEach(each);
        foreach (var path in ofBody) Add(path, path.Root == PathRoot.Inner ? _inner : _body);
        foreach (var path in ofItem ?? [])
        {
            Add(path, path.Root switch
            {
                PathRoot.Item => item,
                PathRoot.Enclosing => enclosing,
                PathRoot.Body => _body,
                _ => _inner,
            });
        }

        if ((_innerText = inner) is not null) Add(inner!, _body);
    }

    /// <summary>Whether the body is an array of items.</summary>
    public bool HasEach { get; private set; }

    public bool HasEnclosing { get; private set; }

    private (PathNode Enclosing, PathNode Item) AddEach(SourcePath? each)
    {
        var (enclosing, item) = (_body, _body);
        HasEach = each is not null;
        HasEnclosing = each?.AllSteps == 2;
        foreach (var step in each?.Steps ?? [])
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

    /// <summary>Reads the whole body, whatever it is: what is not JSON of at most 64 levels is an error, never an exception.</summary>
    public bool TryRead(
        ReadOnlyMemory<byte> body, [NotNullWhen(true)] out BodyValues? values, [NotNullWhen(false)] out string? error)
    {
        if (body.Span.StartsWith("\uFEFF"u8)) body = body[3..];
        values = new BodyValues(this, _widths, body);
        error = Read(body.Span, _body, values);
        if (error is not null)
        {
            values = null;
            return false;
        }

        // Where the inner text is missing or no JSON, its paths are missing.
        if (_innerText is not null && values.ReadInner(_innerText) && Read(values.InnerSpan, _inner, values) is not null)
            values.DropInner(_inner);
        return true;
    }

    private static string? Read(ReadOnlySpan<byte> bytes, PathNode root, BodyValues values)
    {
        if (!Utf8.IsValid(bytes)) return "the body is not valid UTF-8";
        var json = new Utf8JsonReader(bytes);
        try
        {
            json.Read();
            new BodyReader(values).Read(ref json, root);
            if (json.Read()) return "the body is not valid JSON";
        }
        catch (JsonException)
        {
            return "the body is not valid JSON";
        }

        return null;
    }
}
