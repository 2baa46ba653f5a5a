using System.Diagnostics.CodeAnalysis;

namespace Gateway.EventsGateway.Sources.Mapping;

/// <summary>Finds a text in any case. An entry that ends with <c>*</c> matches what begins so; the longest wins.</summary>
internal sealed class TextTable<T>
{
    private readonly Dictionary<string, T> _whole = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedList<string, T> _beginnings = new(Comparer<string>.Create((a, b) => b.Length != a.Length
        ? b.Length.CompareTo(a.Length)
        : string.Compare(a, b, StringComparison.OrdinalIgnoreCase)));

    /// <summary>False where the text is there already.</summary>
    public bool TryAdd(string text, T value)
        => text.EndsWith('*') ? _beginnings.TryAdd(text[..^1], value) : _whole.TryAdd(text, value);

    public bool TryFind(string text, [MaybeNullWhen(false)] out T value)
    {
        if (_whole.TryGetValue(text, out value)) return true;
        for (var i = 0; i < _beginnings.Count; i++)
        {
            value = _beginnings.GetValueAtIndex(i);
            if (text.StartsWith(_beginnings.GetKeyAtIndex(i), StringComparison.OrdinalIgnoreCase)) return true;
        }

        value = default;
        return false;
    }
}
