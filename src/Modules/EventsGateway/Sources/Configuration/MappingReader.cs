using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Sources.Mapping;
using Gateway.EventsGateway.Sources.Settings;
using Gateway.EventsGateway.Sources.Templates;
using Gateway.EventsGateway.Sources.Verification;

namespace Gateway.EventsGateway.Sources.Configuration;

/// <summary>Reads how the requests of a source become events.</summary>
internal static class MappingReader
{
    private static readonly string[] TypeKeys
        = [.. Enum.GetValues<EventType>().Where(type => type != EventType.Unknown).Select(type => type.Text()), "skip"];

    // Stands for a required field that is not written, so that the errors of the others are found in the same run.
    private const string NotWritten = "-";

    public static MappingDefinition Read(SettingsReader source, VerifySettings? verify)
    {
        var map = source.Child("Map");
        // What the signature does not cover is read only where the user names it.
        var isWhole = verify is not { Signs: true } || verify.Content.Reads(ReferenceKinds.Body);
        var byDefault = new MappingDefinition();
        if (!isWhole) byDefault = byDefault with { Origin = null, Destination = null, Weight = null };
        var merchant = source.Required("Merchant", "the merchant of its events, or where it stands, such as $.merchant");
        var shipment = map.Required("Shipment", "where the number of the shipment stands, such as $.tracking_number");
        var definition = byDefault with
        {
            Inner = source.Text("Inner"), Each = source.Text("Each"), Take = [.. source.Children("Take").Select(ReadTake)],
            Merchant = merchant ?? NotWritten, Shipment = shipment ?? NotWritten,
            Type = map.Required("Type", "where the status stands, such as $.status") ?? NotWritten,
            Id = map.Text("Id") ?? byDefault.Id, Types = ReadTypes(map), OccurredAt = ReadTime(map) ?? byDefault.OccurredAt,
            Origin = map.Text("Origin") ?? byDefault.Origin, Destination = map.Text("Destination") ?? byDefault.Destination,
            Weight = map.Text("Weight") ?? byDefault.Weight,
            Content = verify is { Signs: true } ? verify.Content.ToString() : null,
        };
        map.Close();
        return definition;
    }

    public static SourceMapping? Compile(
        MappingDefinition definition, VerifySettings? verify, SettingsReader source, out ProofStrength proof)
    {
        var found = new List<string>();
        var mapping = SourceMapping.TryCompile(definition, found);
        foreach (var error in found) source.Error(error);
        if (mapping is not null) CheckTexts(mapping, source);
        proof = verify is null || mapping is null ? default : Covered.Proof(verify, definition, mapping.Fields);
        // The digest of a signed timestamp alone would be the same for all events of one second.
        return proof == ProofStrength.Signed ? mapping : SourceMapping.TryCompile(definition with { Content = null }, []);
    }

    /// <summary>
    /// Values beside the body that a later mapping needs; without the proof, which may be a secret. The timestamp and the other
    /// fields of a signature's header are no proof.
    /// </summary>
    public static IReadOnlyList<Reference> PartsOf(SourceMapping mapping, VerifySettings verify)
    {
        var proof = verify.Signature.References.Select(part => part.ToString());
        return
        [
            .. mapping.Fields.SelectMany(field => field.Template.References).Concat(mapping.DigestParts)
                .Where(part => KeptValues.Kinds.HasFlag(part.Kind))
                .ExceptBy(proof, part => part.ToString(), StringComparer.OrdinalIgnoreCase),
        ];
    }

    /// <summary>A path that is written without $ is a text: all events would have one shipment.</summary>
    private static void CheckTexts(SourceMapping mapping, SettingsReader source)
    {
        foreach (var (name, template) in mapping.Fields)
        {
            var text = template.ToString();
            if (template.References.Count > 0 || text == NotWritten) continue;
            // One type for all events is right where the table has it.
            var isWrong = name == "Map.Shipment" || (name == "Map.Type" && !mapping.KnowsType(text))
                || name.StartsWith("Take[", StringComparison.Ordinal);
            if (isWrong) source.Error(name, $"is the text '{text}' in every request; a field of the body is written $.{text}");
        }
    }

    private static TakeDefinition ReadTake(SettingsReader take)
    {
        var read = new TakeDefinition(
            take.Required("Value", "what is compared, such as $.event") ?? NotWritten, take.Texts("Is"), take.Flag("Keep"));
        take.Close();
        return read;
    }

    private static Dictionary<string, IReadOnlyList<string>> ReadTypes(SettingsReader map)
    {
        var types = map.Child("Types");
        var read = TypeKeys.Where(types.Has).ToDictionary(key => key, types.Texts);
        types.Close();
        return read;
    }

    private static TimeDefinition? ReadTime(SettingsReader map)
    {
        if (!map.Has("OccurredAt")) return null;
        var time = map.Child("OccurredAt");
        var value = time.Required("Value", "where the time stands, such as $.timestamp, or {received}");
        var read = new TimeDefinition(value ?? NotWritten, time.Text("Format"), time.Text("Zone"));
        time.Close();
        return read;
    }
}
