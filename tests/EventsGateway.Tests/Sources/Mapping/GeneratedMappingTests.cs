using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Sources.Mapping;
using Gateway.EventsGateway.Sources.Templates;
using Gateway.EventsGateway.Tests.Sources.Bodies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.EventsGateway.Tests.Sources.Mapping;

/// <summary>20,000 bodies and templates of a seeded generator: each request has a result that keeps the rules.</summary>
public sealed class GeneratedMappingTests
{
    private static readonly string[] Hostile =
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

    private readonly Random _random = new(14);
    private readonly RandomJson _json;
    private int _mapped, _skipped, _unmappedItems, _unmappedRequests, _compiled, _refused;

    public GeneratedMappingTests() => _json = new RandomJson(_random);

    [Fact]
    public void Every_body_and_every_template_has_a_result()
    {
        for (var i = 0; i < 20_000; i++)
        {
            var errors = new List<string>();
            var definition = Definition();
            var mapping = SourceMapping.TryCompile(definition, errors);
            (mapping is null).ShouldBe(errors.Count > 0);
            errors.Exists(error => error.Length < 10 || error.Contains('\n')).ShouldBeFalse();
            if (mapping is null) _refused++;
            else _compiled++;
            mapping ??= SourceMapping.TryCompile(SampleMappings.Usps with { Id = "{$.a ?? $$.a ?? digest}" }, errors)!;

            var body = Body();
            var request = mapping.Map(Request(), body, DateTimeOffset.UnixEpoch.AddYears(56));

            Check(request, body);
        }

        // The generator reaches every kind of result.
        new[] { _mapped, _skipped, _unmappedItems, _unmappedRequests, _compiled, _refused }.ShouldAllBe(count => count > 20);
    }

    private void Check(MappedRequest request, byte[] body)
    {
        if (!IsJson(body)) request.Unmapped.ShouldNotBeNull();
        if (request.Unmapped is not null) _unmappedRequests++;
        if (request.Unmapped is not null || request.IsSkipped) request.Items.ShouldBeEmpty();
        foreach (var item in request.Items)
        {
            if (item.IsSkipped) _skipped++;
            else if (item.Unmapped is not null) _unmappedItems++;
            else _mapped++;
            if (item.Event is not { } e) continue;
            item.Unmapped.ShouldBeNull();
            foreach (var id in new[] { e.EventId, e.MerchantId, e.ShipmentId }) FieldRules.ValidateId(id).ShouldBeNull();
            IsJson(Encoding.UTF8.GetBytes(e.Details)).ShouldBeTrue();
            e.Type.ShouldNotBe(EventType.Unknown);
        }
    }

    private static bool IsJson(ReadOnlyMemory<byte> body)
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

    private MappingDefinition Definition() => new()
    {
        Inner = _random.Next(2) == 0 ? "$" + _json.Steps() : null,
        Each = _random.Next(3) switch
        {
            0 => null,
            1 => $"${_json.Steps(1)}[*]",
            _ => $"${_json.Steps(1)}[*]{_json.Steps(1)}[*]",
        },
        Take = _random.Next(4) == 0 ? [new($"{{$.a ?? $.b ?? $.c?}}{Text(1)}", [Pick(Hostile), "t*", "*"])] : [],
        Merchant = Text(2),
        Id = Text(3),
        Shipment = Text(2),
        Type = Text(2),
        Types = new Dictionary<string, IReadOnlyList<string>> { ["SHIPMENT_DELIVERED"] = ["t*", "m"], ["skip"] = ["1", "true*"] },
        OccurredAt = new(
            _random.Next(2) == 0 ? "{received}" : Text(1), Pick([null, null, "unix", "yyyyMMdd", "%"]), Pick([null, "+02:00"])),
        Content = Pick([null, "{body}", "{$.a}", "{secret}{$.b}{header.x}"]),
    };

    /// <summary>Most texts are well formed, so that some definitions have no error.</summary>
    private string Text(int parts) => _random.Next(20) != 0
        ? string.Concat(Enumerable.Range(0, parts).Select(_ => $"{{${_json.Steps()} ?? $.a ?? $.b ?? header.x?}}"))
            + Pick(["", "m", "|"])
        : string.Concat(Enumerable.Range(0, parts).Select(_ => Pick(Texts)));

    private byte[] Body()
    {
        var body = Encoding.UTF8.GetBytes(_json.Next(_random.Next(1, 8)));
        switch (_random.Next(12))
        {
            case 0: return body[.._random.Next(body.Length + 1)];
            case 1: return [.. "\uFEFF"u8, .. body];
            case 2: return Encoding.UTF8.GetBytes(new string('[', _random.Next(60, 70)) + "1");
            case 3: return Encoding.UTF8.GetBytes($"{{\"a\":{new string('9', 5_000)},\"b\":1e{new string('9', 300)}}}");
            case 4:
                var items = string.Join(',', Enumerable.Repeat("{}", _random.Next(600)));
                return Encoding.UTF8.GetBytes($"{{\"\\ud800\":1,\"a\":[{items}]}}");
            case 5:
                _random.NextBytes(body);
                return body;
            case 6:
                body[_random.Next(body.Length)] = (byte)_random.Next(256);
                return body;
            default: return body;
        }
    }

    private RequestValues Request() => new(
        new HeaderDictionary { ["x"] = _random.Next(5) == 0 ? new StringValues([Pick(Hostile), "b"]) : Pick(Hostile) },
        new QueryCollection(new Dictionary<string, StringValues> { ["q"] = Pick(Hostile) }),
        new Dictionary<string, string> { ["r"] = Pick(Hostile) });

    private T Pick<T>(T[] values) => values[_random.Next(values.Length)];
}
