using Gateway.EventsGateway.Sources.Bodies;
using Gateway.EventsGateway.Sources.Templates;

namespace Gateway.EventsGateway.Sources.Mapping;

internal sealed record MappingField(string Name, Template Template);

internal sealed record CompiledTake(MappingField Field, TextTable<bool> Texts, bool Keep);

/// <summary>Has <c>Content</c> where the digest is made of it.</summary>
internal sealed record CompiledMapping(
    BodyPlan Plan, IReadOnlyList<MappingField> Fields, CompiledTake[] Take, TypeTable Types, TimeReader Times,
    MappingField Merchant, MappingField Id, MappingField Shipment, MappingField Type, MappingField OccurredAt,
    MappingField? Origin, MappingField? Destination, MappingField? Weight, Template? Content);

/// <summary>Reads the whole definition and tells all errors at once.</summary>
internal sealed class MappingCompiler(MappingDefinition definition, ICollection<string> errors)
{
    private readonly List<MappingField> _fields = [];
    private readonly int _errorsBefore = errors.Count;

    public CompiledMapping? Compile()
    {
        var (each, inner) = (EachPath(), InnerPath());
        var take = definition.Take.Select(Take).ToList();
        var takePaths = _fields.SelectMany(field => field.Template.Paths).ToList();
        var types = new TypeTable(definition.Types, errors);
        var times = TimeReader.Create(definition.OccurredAt.Format, definition.OccurredAt.Zone, out var error);
        if (error is not null) errors.Add($"Map.OccurredAt: {error}");

        var merchant = Required("Merchant", definition.Merchant, TemplatePlace.Field);
        var id = Required("Map.Id", definition.Id, TemplatePlace.Id);
        var shipment = Required("Map.Shipment", definition.Shipment, TemplatePlace.Field);
        var type = Required("Map.Type", definition.Type, TemplatePlace.Field);
        var occurredAt = Required("Map.OccurredAt", definition.OccurredAt.Value, TemplatePlace.OccurredAt);
        var origin = Optional("Map.Origin", definition.Origin);
        var destination = Optional("Map.Destination", definition.Destination);
        var weight = Optional("Map.Weight", definition.Weight);
        CheckRoots();
        if (id is not null) CheckId(id.Template);
        if (errors.Count > _errorsBefore) return null;

        var content = DigestContent();
        var ofItem = _fields.SelectMany(field => field.Template.Paths).Except(takePaths);
        var plan = new BodyPlan([.. takePaths, .. content?.Paths ?? []], ofItem, each, inner);
        return new CompiledMapping(plan, _fields, [.. take.OfType<CompiledTake>()], types, times!,
            merchant!, id!, shipment!, type!, occurredAt!, origin, destination, weight, content);
    }

    private SourcePath? EachPath()
    {
        if (definition.Each is not { } text) return null;
        if (!SourcePath.TryParse(text, out var each, out var error)) errors.Add($"Each: {error}");
        else if (each.Root != PathRoot.Item) errors.Add($"Each: {each} must begin with $, the body");
        else if (each.AllSteps is < 1 or > 2 || each.Steps[^1] != PathStep.All)
            errors.Add($"Each: {each} must have one or two [*] and end with one, such as $.shipments[*]");
        return each;
    }

    private SourcePath? InnerPath()
    {
        if (definition.Inner is not { } text) return null;
        if (!SourcePath.TryParse(text, out var inner, out var error)) errors.Add($"Inner: {error}");
        else if (inner.Root != PathRoot.Item || inner.AllSteps > 0)
            errors.Add($"Inner: {inner} must name one field of the body, $.…");
        return inner;
    }

    private CompiledTake? Take(TakeDefinition take, int index)
    {
        var texts = new TextTable<bool>();
        foreach (var text in take.Is) texts.TryAdd(text, true);
        if (take.Is.Count == 0) errors.Add($"Take[{index}].Is is empty: no request would be taken");
        return Required($"Take[{index}].Value", take.Value, TemplatePlace.Take) is { } field
            ? new CompiledTake(field, texts, take.Keep)
            : null;
    }

    private MappingField? Required(string name, string? text, TemplatePlace place)
    {
        if (string.IsNullOrWhiteSpace(text)) errors.Add($"{name} is required");
        return string.IsNullOrWhiteSpace(text) ? null : Field(name, text, place);
    }

    private MappingField? Optional(string name, string? text) => text is null ? null : Field(name, text, TemplatePlace.Field);

    private MappingField? Field(string name, string text, TemplatePlace place)
    {
        if (!Template.TryParse(text, place, out var template, out var error))
        {
            errors.Add($"{name}: {error}");
            return null;
        }

        _fields.Add(new MappingField(name, template));
        return _fields[^1];
    }

    private void CheckRoots()
    {
        foreach (var (field, path) in _fields.SelectMany(field => field.Template.Paths.Select(path => (field, path))))
        {
            if (definition.Inner is null && path.Root == PathRoot.Inner)
                errors.Add($"{field.Name}: {path} needs Inner, the field of the body that holds JSON");
            if (definition.Each is null && path.Root is PathRoot.Enclosing or PathRoot.Body)
                errors.Add($"{field.Name}: {path} needs Each; without it the body is $");
        }
    }

    private void CheckId(Template id)
    {
        var isOfItem = id.Reads(ReferenceKinds.Digest) || id.Paths.Any(path => path.Root == PathRoot.Item);
        if (id.References.Count == 0)
            errors.Add($"Map.Id: '{id}' is the same for every request; only the first would be an event");
        else if (definition.Each is not null && !isOfItem)
            errors.Add($"Map.Id: '{id}' is the same for every item of Each; add a $ path or {{digest}}");
    }

    /// <summary>Null where the digest is made of the bytes: the content has the whole body, or nothing of it.</summary>
    private Template? DigestContent()
        => definition.Content is { } text && Template.TryParse(text, TemplatePlace.Content, out var content, out _)
            && !content.Reads(ReferenceKinds.Body) && content.Reads(ReferenceKinds.Path) ? content : null;
}
