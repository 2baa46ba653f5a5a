using System.Text;
using System.Text.Json;
using Gateway.EventsGateway.Sources.Bodies;

namespace Gateway.EventsGateway.Tests.Sources.Bodies;

/// <summary>The plan reads in one pass what a plain evaluation on a document finds step by step.</summary>
public sealed class BodyPlanOracleTests
{
    private static readonly string[] Roots = ["$", "^", "^^", "$$"];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Plan_finds_what_a_document_finds(int allSteps)
    {
        var random = new Random(20260225 + allSteps);
        var json = new RandomJson(random);
        var found = 0;
        for (var i = 0; i < 4_000; i++)
        {
            var all = Enumerable.Range(0, allSteps).Select(_ => json.Steps(1) + "[*]");
            var each = allSteps == 0 ? null : PathOf("$" + string.Concat(all));
            var inner = PathOf("$" + json.Steps(2));
            var roots = each is null ? ["$", "$$"] : Roots;
            var paths = Enumerable.Range(0, 5).Select(_ => PathOf(roots[random.Next(roots.Length)] + json.Steps())).ToList();
            var ofBody = PathOf("$" + json.Steps());
            var body = json.Next();
            var plan = new BodyPlan([ofBody], paths, each, inner);

            plan.TryRead(Encoding.UTF8.GetBytes(body), out var values, out var error).ShouldBeTrue(error);

            using var document = JsonDocument.Parse(body);
            var oracle = new Oracle(document.RootElement, each, inner);
            var about = $"{each} in {body}";
            var expectedOfBody = Oracle.Find(document.RootElement, ofBody.Steps);
            TextOf(values, ofBody, 0).ShouldBe(Oracle.TextOf(expectedOfBody), $"{ofBody}, {about}");
            if (each is not null) values.HasItems.ShouldBe(oracle.Items is not null, about);
            if (each is not null) values.ItemCount.ShouldBe(oracle.Items?.Count ?? 0, about);
            for (var item = 0; item < (each is null ? 1 : values.ItemCount); item++)
            {
                if (each is not null) values.IsItem(item).ShouldBe(oracle.Items![item].Item is not null, about);
                if (each is not null && !values.IsItem(item)) continue;
                foreach (var path in paths)
                {
                    var expected = oracle.Find(path, item);
                    TextOf(values, path, item).ShouldBe(Oracle.TextOf(expected), $"{path} of item {item}, {about}");
                    var raw = Encoding.UTF8.GetString(values.Raw(path, item).Span);
                    raw.ShouldBe(expected?.GetRawText() ?? "", $"{path} of item {item}, {about}");
                    if (expected is not null) found++;
                }
            }
        }

        found.ShouldBeGreaterThan(300);
    }

    private static SourcePath PathOf(string text)
        => SourcePath.TryParse(text, out var path, out var error) ? path : throw new InvalidOperationException(error);

    private static string? TextOf(BodyValues values, SourcePath path, int item)
    {
        using var text = new TextBuffer();
        return values.Append(path, item, text) ? text.ToString() : null;
    }

    private sealed class Oracle
    {
        private readonly JsonElement _body;
        private readonly JsonElement? _inner;

        public Oracle(JsonElement body, SourcePath? each, SourcePath inner)
        {
            _body = body;
            if (each is not null) Items = ItemsOf(body, each.Steps);
            _inner = TextOf(Find(body, inner.Steps)) is { } text ? Parsed(text) : null;
        }

        public List<(JsonElement Enclosing, JsonElement? Item)>? Items { get; }

        public JsonElement? Find(SourcePath path, int item) => path.Root switch
        {
            PathRoot.Item => Find(Items is null ? _body : Items[item].Item!.Value, path.Steps),
            PathRoot.Enclosing => Find(Items![item].Enclosing, path.Steps),
            PathRoot.Body => Find(_body, path.Steps),
            _ => _inner is { } inner ? Find(inner, path.Steps) : null,
        };

        public static JsonElement? Find(JsonElement from, IEnumerable<PathStep> steps)
        {
            foreach (var (name, index) in steps)
            {
                var (isObject, isArray) = (from.ValueKind == JsonValueKind.Object, from.ValueKind == JsonValueKind.Array);
                if (isObject && name is not null && from.TryGetProperty(name, out var member)) from = member;
                else if (isArray && name is null && Index(from, index) is { } at) from = from[at];
                else return null;
            }

            return from;
        }

        public static string? TextOf(JsonElement? value)
        {
            try
            {
                var text = value?.ValueKind switch
                {
                    JsonValueKind.String => value.Value.GetString(),
                    JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.Value.GetRawText(),
                    _ => null,
                };
                return string.IsNullOrWhiteSpace(text) ? null : text;
            }
            catch (InvalidOperationException)
            {
                return null;
            }
        }

        private static int? Index(JsonElement array, int index)
        {
            var at = index < 0 ? array.GetArrayLength() + index : index;
            return at >= 0 && at < array.GetArrayLength() ? at : null;
        }

        private static List<(JsonElement Enclosing, JsonElement? Item)>? ItemsOf(JsonElement body, IReadOnlyList<PathStep> steps)
        {
            var first = steps.ToList().IndexOf(PathStep.All);
            if (Find(body, steps.Take(first)) is not { ValueKind: JsonValueKind.Array } array) return null;
            if (first == steps.Count - 1) return [.. array.EnumerateArray().Select(item => (body, (JsonElement?)item))];
            return [.. array.EnumerateArray().SelectMany(enclosing =>
                ItemsOf(enclosing, [.. steps.Skip(first + 1)]) ?? [(enclosing, null)])];
        }

        private static JsonElement? Parsed(string text)
        {
            try
            {
                return JsonDocument.Parse(text).RootElement;
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }
}
