using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Sources.Mapping;

/// <param name="IsSkipped">The configuration says that it is no event.</param>
/// <param name="IsKnown">False where the table does not have the text: the vocabularies of senders are open.</param>
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
