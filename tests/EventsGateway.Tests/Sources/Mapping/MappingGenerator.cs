using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Gateway.EventsGateway.Sources.Mapping;
using Gateway.EventsGateway.Tests.Sources.Bodies;

namespace Gateway.EventsGateway.Tests.Sources.Mapping;

/// <summary>Mappings and bodies: most of them plausible, some broken or hostile.</summary>
internal sealed class MappingGenerator(Random random)
{
    private static readonly string[] HostileTexts =
    [
        "", " ", "\0", "\ud800", "\udc00x", "a\r\nb", "<script>alert(1)</script>", "{$.a}", "{{", "\u202e", "é",
        new('x', 9_000), "1e400",
    ];

    private static readonly string[] Texts =
    [
        "m", "{", "}", "{{", "{$.a", "{header.x}", "{header.x?}", "{query.q ?? route.r}", "{secret}", "{received}", "{digest}",
        "??", "?", "{$.a ?? header.x?}", "|", "{^.a}", "{^^.b[-1]}", "{$$.a.b}", "{", "$", "$.", "$[", "$['",
        "\ud800", "{id}", "{$.a??}", "{ $.a}",
    ];

    private readonly RandomJson _json = new(random);

    public bool OneIn(int count) => random.Next(count) == 0;

    public string Hostile() => Pick(HostileTexts);

    public MappingDefinition Definition() => new()
    {
        Inner = random.Next(2) == 0 ? "$" + _json.Steps() : null,
        Each = random.Next(3) switch
        {
            0 => null,
            1 => $"${_json.Steps(1)}[*]",
            _ => $"${_json.Steps(1)}[*]{_json.Steps(1)}[*]",
        },
        Take = random.Next(4) == 0 ? [new($"{{$.a ?? $.b ?? $.c?}}{Text(1)}", [Hostile(), "t*", "*"])] : [],
        Merchant = Text(2),
        Id = Text(3),
        Shipment = Text(2),
        Type = Text(2),
        Types = new Dictionary<string, IReadOnlyList<string>>
        {
            ["SHIPMENT_DELIVERED"] = ["t*", "m"], ["skip"] = ["1", "true*", "t1*"],
        },
        OccurredAt = new(
            random.Next(2) == 0 ? "{received}" : Text(1), Pick([null, null, "unix", "yyyyMMdd", "%"]), Pick([null, "+02:00"])),
        Content = Pick([null, "{body}", "{$.a}", "{secret}{$.b}{header.x}"]),
    };

    /// <summary>Most texts are well formed, so that some definitions have no error.</summary>
    private string Text(int parts) => random.Next(20) != 0
        ? string.Concat(Enumerable.Range(0, parts).Select(_ => $"{{${_json.Steps()} ?? $.a ?? $.b ?? header.x?}}"))
            + Pick(["", "m", "|"])
        : string.Concat(Enumerable.Range(0, parts).Select(_ => Pick(Texts)));

    public byte[] Body()
    {
        if (OneIn(2)) return Encoding.UTF8.GetBytes(Plausible(depth: 3));
        var body = Encoding.UTF8.GetBytes(_json.Next(random.Next(1, 8)));
        switch (random.Next(12))
        {
            case 0: return body[..random.Next(body.Length + 1)];
            case 1: return [.. "\uFEFF"u8, .. body];
            case 2: return Encoding.UTF8.GetBytes(new string('[', random.Next(60, 70)) + "1");
            case 3: return Encoding.UTF8.GetBytes($"{{\"a\":{new string('9', 5_000)},\"b\":1e{new string('9', 300)}}}");
            case 4:
                var items = string.Join(',', Enumerable.Repeat("{}", random.Next(600)));
                return Encoding.UTF8.GetBytes($"{{\"\\ud800\":1,\"a\":[{items}]}}");
            case 5:
                random.NextBytes(body);
                return body;
            case 6:
                body[random.Next(body.Length)] = (byte)random.Next(256);
                return body;
            default: return body;
        }
    }

    /// <summary>Objects whose members the paths of a definition find, often in lists.</summary>
    private string Plausible(int depth)
    {
        var members = new[] { "a", "b", "c" }.Select(name => $"\"{name}\":{(depth > 0 && OneIn(3) ? List() : Scalar())}");
        return $"{{{string.Join(',', members)}}}";

        string List() => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Plausible(depth - 1)))}]";

        string Scalar() => Pick(
            $"\"t{random.Next(1_000)}\"", $"{random.Next()}", "229255084490768384", "\"2026-02-25T14:30:00Z\"");
    }

    public static bool IsJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            var text = body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body;
            if (!Utf8.IsValid(text.Span)) return false;
            JsonDocument.Parse(text).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public T Pick<T>(params T[] values) => values[random.Next(values.Length)];
}
