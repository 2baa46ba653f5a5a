using System.Text.Json;

namespace Gateway.EventsGateway.Sources.Bodies;

/// <summary>A value as it stands in the body.</summary>
internal readonly record struct BodyValue(int Start, int Length, JsonTokenType Type, bool IsEscaped);

/// <summary>
/// An item and the row of the one that encloses it. Where an enclosing item has no array, it stands for the items that cannot be
/// read and is none itself.
/// </summary>
internal readonly record struct BodyItem(int Start, int Length, int Enclosing, bool IsItem);

/// <summary>
/// The values that the one pass finds: a row for the body, for the inner JSON, and for each item. Of more than
/// <see cref="BodyPlan.MaxItems"/> items only the number is kept.
/// </summary>
internal sealed class BodyRows(int[] widths, bool hasEnclosing)
{
    private readonly BodyValue[][] _values =
        [new BodyValue[widths[(int)BodyScope.Body]], [], [], new BodyValue[widths[(int)BodyScope.Inner]]];

    private readonly BodyItem[][] _items = [[], [], [], []];
    private readonly int[] _counts = [1, 0, 0, 1];
    private int _firstOfEnclosing;
    private bool _hasItems, _hasEnclosing;

    /// <summary>False where the array of <c>Each</c> is missing, null or something else.</summary>
    public bool HasItems => hasEnclosing ? _hasEnclosing : _hasItems;

    public int ItemCount => _counts[(int)BodyScope.Item];

    public bool HasTooManyItems => ItemCount > BodyPlan.MaxItems || _counts[(int)BodyScope.Enclosing] > BodyPlan.MaxItems;

    public BodyItem Item(int item) => _items[(int)BodyScope.Item][item];

    public BodyValue Value(PathNode node, int item)
    {
        var row = node.Scope switch
        {
            BodyScope.Item => item,
            BodyScope.Enclosing => Item(item).Enclosing,
            _ => 0,
        };
        return _values[(int)node.Scope][row * widths[(int)node.Scope] + node.Slot!.Value];
    }

    /// <summary>In the last row of its scope.</summary>
    public void Set(PathNode node, BodyValue value)
        => _values[(int)node.Scope][Last(node.Scope) * widths[(int)node.Scope] + node.Slot!.Value] = value;

    /// <summary>Forgets what an earlier member of the same name said, its items too.</summary>
    public void Clear(PathNode node)
    {
        if (node.Slot is not null) Set(node, default);
        if (node.Each is not null) ClearItems(node.Each.Scope);
        for (var i = 0; i < node.Children.Count; i++) Clear(node.Children[i]);
    }

    public void BeginItems(BodyScope scope)
    {
        ClearItems(scope);
        if (scope == BodyScope.Item) _hasItems = true;
        else _hasEnclosing = true;
    }

    public void BeginItem(BodyScope scope, int start)
    {
        if (scope == BodyScope.Enclosing) (_firstOfEnclosing, _hasItems) = (ItemCount, false);
        var (row, width) = (Math.Min(_counts[(int)scope]++, BodyPlan.MaxItems), widths[(int)scope]);
        if (row == _items[(int)scope].Length)
        {
            var larger = Math.Max(4, row * 2);
            Array.Resize(ref _items[(int)scope], larger);
            Array.Resize(ref _values[(int)scope], larger * width);
        }

        _values[(int)scope].AsSpan(row * width, width).Clear();
        _items[(int)scope][row] = new BodyItem(start, 0, Last(BodyScope.Enclosing), IsItem: true);
    }

    public void EndItem(BodyScope scope, int length)
    {
        var ended = _items[(int)scope][Last(scope)] with { Length = length };
        _items[(int)scope][Last(scope)] = ended;
        if (scope == BodyScope.Item || _hasItems) return;
        BeginItem(BodyScope.Item, ended.Start);
        _items[(int)BodyScope.Item][Last(BodyScope.Item)] = ended with { Enclosing = Last(BodyScope.Enclosing), IsItem = false };
    }

    private void ClearItems(BodyScope scope)
    {
        _hasItems = false;
        _counts[(int)BodyScope.Item] = scope == BodyScope.Item && hasEnclosing ? _firstOfEnclosing : 0;
        if (scope != BodyScope.Enclosing) return;
        _hasEnclosing = false;
        _counts[(int)BodyScope.Enclosing] = 0;
    }

    private int Last(BodyScope scope) => Math.Clamp(_counts[(int)scope] - 1, 0, BodyPlan.MaxItems);
}
