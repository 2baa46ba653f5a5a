using System.Diagnostics.CodeAnalysis;
using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Sources.Mapping;

/// <summary>Skipped: no event. Not known: the table does not have the text, as senders have open vocabularies.</summary>
internal readonly record struct MappedType(EventType Type, bool IsSkipped, bool IsKnown);

/// <summary>From the sender's words to our types.</summary>
internal sealed class TypeTable
{
    private const string Skip = "skip";

    private readonly TextTable<MappedType> _types = new();

    /// <param name="types">Our type, or <c>skip</c>, with the sender's texts.</param>
    /// <param name="errors">Gets one line for each error.</param>
    public TypeTable(IReadOnlyDictionary<string, IReadOnlyList<string>> types, ICollection<string> errors)
    {
        foreach (var (name, texts) in types)
        {
            var isSkipped = name.Equals(Skip, StringComparison.OrdinalIgnoreCase);
            if (!isSkipped && EventTypeText.Parse(name) is null)
                errors.Add($"Map.Types.{name} is no type: write {EventTypeText.All}, or {Skip}");
            var type = new MappedType(EventTypeText.Parse(name) ?? EventType.Unknown, isSkipped, IsKnown: true);
            foreach (var text in texts)
            {
                if (string.IsNullOrWhiteSpace(text)) errors.Add($"Map.Types.{name} has a blank text");
                else if (!_types.TryAdd(text, type)) errors.Add($"Map.Types.{name}: '{text}' stands in the table twice");
            }
        }
    }

    public MappedType Find(string text)
        => _types.TryFind(text, out var type) ? type : new MappedType(EventType.Updated, IsSkipped: false, IsKnown: false);
}

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
