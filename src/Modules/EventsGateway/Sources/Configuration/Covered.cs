using Gateway.EventsGateway.Sources.Bodies;
using Gateway.EventsGateway.Sources.Mapping;
using Gateway.EventsGateway.Sources.Settings;
using Gateway.EventsGateway.Sources.Templates;
using Gateway.EventsGateway.Sources.Verification;

namespace Gateway.EventsGateway.Sources.Configuration;

/// <summary>Which parts of a request a signature covers.</summary>
internal static class Covered
{
    public static bool By(VerifySettings verify, Reference part)
    {
        var content = verify.Content;
        if (content.References.Any(one => Same(one, part))) return true;
        if (part.Kind == ReferenceKinds.Path && content.Reads(ReferenceKinds.Body)) return true;
        return content.Reads(ReferenceKinds.Timestamp) && verify.Timestamp is { } timestamp
            && Same(timestamp.From.References[0], part);
    }

    /// <summary>The parts that the user trusts although nothing covers them.</summary>
    public static IReadOnlyCollection<string> Trusted(SettingsReader source)
    {
        const string key = "TrustUnsigned";
        var texts = source.Texts(key);
        foreach (var text in texts)
        {
            if (!Template.TryParse(TemplateText(text), TemplatePlace.Field, out var part, out _) || part.References.Count != 1)
                source.Error(key, $"has '{text}'; write header.NAME, query.NAME, route.NAME or a path such as $.id");
        }

        return texts;
    }

    private static string TemplateText(string text) => text.StartsWith('$') || text.StartsWith('^') ? text : $"{{{text}}}";

    /// <param name="verify">How the source is verified.</param>
    /// <param name="definition">The mapping as it is written.</param>
    /// <param name="fields">Its templates.</param>
    /// <param name="trusted">References that may be read although nothing covers them.</param>
    /// <param name="report">Takes the field and the error.</param>
    public static void Check(
        VerifySettings verify, MappingDefinition definition, IReadOnlyList<MappingField> fields,
        IReadOnlyCollection<string> trusted, Action<string, string> report)
    {
        foreach (var (field, template) in fields)
        {
            var isId = field == "Map.Id";
            foreach (var part in template.References.Distinct())
            {
                if (part.Kind is ReferenceKinds.Digest or ReferenceKinds.Received) continue;
                if (verify.Signs && IsCovered(verify, definition, part)) continue;
                // Without a signature the body is taken as it is, but an id in a header would make a repeat another event.
                if (!verify.Signs && (part.Kind == ReferenceKinds.Path || !isId)) continue;
                if (!isId && trusted.Contains(part.ToString(), StringComparer.OrdinalIgnoreCase)) continue;
                var cure = isId ? "take it from the body" : "name it in TrustUnsigned or take it from the body";
                report(field, $"reads {part}, which the signature does not cover; {cure}");
            }
        }
    }

    /// <summary>
    /// A signature over fields of the body proves the event where it covers its shipment and type: some senders sign a timestamp
    /// alone.
    /// </summary>
    public static ProofStrength Proof(VerifySettings verify, MappingDefinition definition, IReadOnlyList<MappingField> fields)
    {
        if (verify.Scheme == VerifyScheme.None) return ProofStrength.None;
        if (!verify.Signs || !verify.Content.Reads(ReferenceKinds.Body | ReferenceKinds.Path)) return ProofStrength.IdentityOnly;
        var paths = fields.Where(field => field.Name is "Map.Shipment" or "Map.Type")
            .SelectMany(field => field.Template.References).Where(part => part.Path is not null);
        return paths.All(part => IsCovered(verify, definition, part)) ? ProofStrength.Signed : ProofStrength.IdentityOnly;
    }

    /// <summary>A value of the path that the path does not have would be missing in every request.</summary>
    public static void CheckRoute(
        IReadOnlyList<string> names, IEnumerable<MappingField> templates, Action<string, string> report)
    {
        foreach (var (field, template) in templates)
        {
            foreach (var part in template.References.Where(part => part.Kind == ReferenceKinds.Route))
            {
                if (!names.Contains(part.Name))
                    report(field, $"reads {part}, but Path has no {{{part.Name}}}; add it to the end of Path");
            }
        }
    }

    private static bool IsCovered(VerifySettings verify, MappingDefinition definition, Reference part)
    {
        if (part.Path is not { } path || verify.Content.Reads(ReferenceKinds.Body)) return By(verify, part);
        if (path.Root == PathRoot.Inner) return PathOf(definition.Inner) is { } inner && By(verify, part with { Path = inner });
        // A content names fields of the body, never of an item.
        var depth = PathOf(definition.Each)?.AllSteps ?? 0;
        var isOfBody = path.Root == PathRoot.Body || depth == 0 || (depth == 1 && path.Root == PathRoot.Enclosing);
        return isOfBody && By(verify, part);
    }

    private static SourcePath? PathOf(string? text)
        => text is not null && SourcePath.TryParse(text, out var path, out _) ? path : null;

    private static bool Same(Reference one, Reference other)
    {
        if (one.Kind != other.Kind) return false;
        if (one.Path is not null) return one.Path.Steps.SequenceEqual(other.Path!.Steps);
        return one.Name.Equals(
            other.Name, one.Kind == ReferenceKinds.Header ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
    }
}
