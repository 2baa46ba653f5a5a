using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.EventsGateway.Sources.Bodies;

namespace Gateway.LoadTest.Generate.Sources;

/// <summary>Where the paths of one event begin in the body of a sample.</summary>
internal sealed record EventNodes(JsonNode Body, JsonNode Enclosing, JsonNode Item)
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Fills the array of the items with copies of its first one, each of one event.</summary>
    /// <param name="each">The array; null where the body is one event.</param>
    public static IReadOnlyList<EventNodes> Of(JsonNode body, SourcePath? each, int count)
    {
        if (each is null) return [new EventNodes(body, body, body)];
        var steps = each.Steps.ToList();
        var first = steps.IndexOf(PathStep.All);
        if (Find(body, steps[..first]) is not JsonArray { Count: > 0 } array) return [];
        var sample = array[0]!;
        array.Clear();
        var events = new List<EventNodes>();
        for (var i = 0; i < count; i++)
        {
            var copy = sample.DeepClone();
            array.Add(copy);
            var inner = each.AllSteps == 1 ? null : Find(copy, steps[(first + 1)..^1]) as JsonArray;
            while (inner?.Count > 1) inner.RemoveAt(1);
            events.Add(inner is [{ } only] ? new EventNodes(body, copy, only) : new EventNodes(body, body, copy));
        }

        return events;
    }

    public static string Written(JsonNode node) => node.ToJsonString(Relaxed);

    /// <summary>False where the body has no such part. A number stays one.</summary>
    /// <param name="inner">The text field that holds JSON.</param>
    public bool Set(SourcePath path, string text, SourcePath? inner)
    {
        if (path.Root != PathRoot.Inner) return Set(RootOf(path), path, text);
        if (Find(Body, inner!.Steps) is not JsonValue outer) return false;
        var held = JsonNode.Parse(outer.GetValue<string>());
        if (!Set(held, path, text)) return false;
        outer.ReplaceWith(Written(held!));
        return true;
    }

    private JsonNode RootOf(SourcePath path) => path.Root switch
    {
        PathRoot.Item => Item,
        PathRoot.Enclosing => Enclosing,
        _ => Body,
    };

    private static bool Set(JsonNode? from, SourcePath path, string text)
    {
        if (Find(from, path.Steps) is not JsonValue old) return false;
        if (old.GetValueKind() == JsonValueKind.Number) old.ReplaceWith(JsonNode.Parse(text));
        else old.ReplaceWith(text);
        return true;
    }

    private static JsonNode? Find(JsonNode? node, IEnumerable<PathStep> steps) => steps.Aggregate(node, (at, step) => at switch
    {
        JsonObject fields when step.Name is { } name => fields[name],
        JsonArray { Count: > 0 } all when step == new PathStep(null, PathStep.Last) => all[^1],
        JsonArray all when step.Index >= 0 && step.Index < all.Count => all[step.Index],
        _ => null,
    });
}
