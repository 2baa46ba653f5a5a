using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Gateway.EventsGateway.Sources.Bodies;

/// <summary>A value as it stands in the body.</summary>
internal readonly record struct BodyValue(int Start, int Length, JsonTokenType Type, bool IsEscaped);

/// <summary>
/// An item and the row of the one that encloses it. Where an enclosing item has no array, it stands for the items that cannot be
/// read and is none itself.
/// </summary>
internal readonly record struct BodyItem(int Start, int Length, int Enclosing, bool IsItem);

/// <summary>The values of the paths of a plan in one body: where they stand, not what they say.</summary>
internal sealed class BodyValues(BodyPlan plan, int[] widths, ReadOnlyMemory<byte> body)
{
    private readonly BodyValue[][] _rows =
        [new BodyValue[widths[(int)BodyScope.Body]], [], [], new BodyValue[widths[(int)BodyScope.Inner]]];

    private readonly BodyItem[][] _items = [[], [], [], []];
    private readonly int[] _counts = [1, 0, 0, 1];
    private bool _hasItems, _hasEnclosing;
    private byte[] _inner = [];

    public ReadOnlySpan<byte> InnerSpan => _inner;

    /// <summary>Without a byte order mark.</summary>
    public ReadOnlyMemory<byte> Body => body;

    /// <summary>False where the array of <c>Each</c> is missing, null or something else.</summary>
    public bool HasItems => plan.HasEnclosing ? _hasEnclosing : _hasItems;

    public int ItemCount => _counts[(int)BodyScope.Item];

    public bool HasTooManyItems => ItemCount > BodyPlan.MaxItems || _counts[(int)BodyScope.Enclosing] > BodyPlan.MaxItems;

    public bool IsItem(int item) => _items[(int)BodyScope.Item][item].IsItem;

    public ReadOnlyMemory<byte> Slice(int item)
        => body.Slice(_items[(int)BodyScope.Item][item].Start, _items[(int)BodyScope.Item][item].Length);

    /// <summary>False, and nothing appended, where the value is absent, blank or not a text, a number or a boolean.</summary>
    public bool Append(SourcePath path, int item, IContentSink sink)
    {
        var value = Find(path, item, out var raw);
        switch (value.Type)
        {
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                sink.Append(raw);
                return true;
            case JsonTokenType.String when !value.IsEscaped:
                if (IsBlank(raw[1..^1])) return false;
                sink.Append(raw[1..^1]);
                return true;
            case JsonTokenType.String:
                return AppendEscaped(raw, sink);
            default:
                return false;
        }
    }

    /// <summary>The JSON of the value as it stands in the body; empty where it is absent.</summary>
    public ReadOnlySpan<byte> Raw(SourcePath path, int item)
    {
        Find(path, item, out var raw);
        return raw;
    }

    private BodyValue Find(SourcePath path, int item, out ReadOnlySpan<byte> raw)
    {
        raw = default;
        if (plan.Find(path) is not { Slot: { } slot } node) return default;
        var row = node.Scope switch
        {
            BodyScope.Item => item,
            BodyScope.Enclosing => _items[(int)BodyScope.Item][item].Enclosing,
            _ => 0,
        };
        var value = _rows[(int)node.Scope][row * widths[(int)node.Scope] + slot];
        raw = (node.Scope == BodyScope.Inner ? _inner : body.Span).Slice(value.Start, value.Length);
        return value;
    }

    private static bool AppendEscaped(ReadOnlySpan<byte> raw, IContentSink sink)
    {
        var rented = ArrayPool<byte>.Shared.Rent(raw.Length);
        try
        {
            var json = new Utf8JsonReader(raw);
            json.Read();
            var text = rented.AsSpan(0, json.CopyString(rented));
            if (IsBlank(text)) return false;
            sink.Append(text);
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is not text.
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static bool IsBlank(ReadOnlySpan<byte> text)
    {
        while (Rune.DecodeFromUtf8(text, out var rune, out var length) == OperationStatus.Done)
        {
            if (!Rune.IsWhiteSpace(rune)) return false;
            text = text[length..];
        }

        return true;
    }

    // What follows is called by the one pass.

    public void Set(PathNode node, BodyValue value)
        => _rows[(int)node.Scope][Row(node.Scope) * widths[(int)node.Scope] + node.Slot!.Value] = value;

    /// <summary>Forgets what an earlier member of the same name said, its items too.</summary>
    public void Clear(PathNode node)
    {
        if (node.Slot is not null) Set(node, default);
        if (node.Each is not null) ClearItems(node.Each.Scope);
        for (var i = 0; i < node.Children.Count; i++) Clear(node.Children[i]);
    }

    public void BeginItems(PathNode item)
    {
        ClearItems(item.Scope);
        if (item.Scope == BodyScope.Item) _hasItems = true;
        else _hasEnclosing = true;
    }

    private void ClearItems(BodyScope scope)
    {
        var isNested = scope == BodyScope.Item && plan.HasEnclosing;
        // Of the enclosing item that is being read; its start holds the number of its first item.
        _counts[(int)BodyScope.Item] = isNested ? FirstItemOfEnclosing : 0;
        _hasItems = false;
        if (scope != BodyScope.Enclosing) return;
        _counts[(int)BodyScope.Enclosing] = 0;
        _hasEnclosing = false;
    }

    private int FirstItemOfEnclosing { get; set; }

    public void BeginItem(BodyScope scope, int start)
    {
        if (scope == BodyScope.Enclosing) (FirstItemOfEnclosing, _hasItems) = (ItemCount, false);
        var row = Math.Min(_counts[(int)scope]++, BodyPlan.MaxItems);
        var (items, rows, width) = (_items[(int)scope], _rows[(int)scope], widths[(int)scope]);
        if (row == items.Length)
        {
            var larger = Math.Max(4, row * 2);
            Array.Resize(ref _items[(int)scope], larger);
            Array.Resize(ref _rows[(int)scope], larger * width);
        }

        _rows[(int)scope].AsSpan(row * width, width).Clear();
        _items[(int)scope][row] = new BodyItem(start, 0, Row(BodyScope.Enclosing), IsItem: true);
    }

    public void EndItem(BodyScope scope, int length)
    {
        var enclosing = _items[(int)scope][Row(scope)] with { Length = length };
        _items[(int)scope][Row(scope)] = enclosing;
        if (scope == BodyScope.Item || _hasItems) return;
        BeginItem(BodyScope.Item, enclosing.Start);
        _items[(int)BodyScope.Item][Row(BodyScope.Item)]
            = enclosing with { Enclosing = Row(BodyScope.Enclosing), IsItem = false };
    }

    private int Row(BodyScope scope) => Math.Clamp(_counts[(int)scope] - 1, 0, BodyPlan.MaxItems);

    public bool ReadInner(SourcePath path)
    {
        using var text = new TextBuffer();
        if (!Append(path, 0, text)) return false;
        _inner = text.Written.ToArray();
        return true;
    }

    public void DropInner(PathNode inner)
    {
        Clear(inner);
        _inner = [];
    }
}
