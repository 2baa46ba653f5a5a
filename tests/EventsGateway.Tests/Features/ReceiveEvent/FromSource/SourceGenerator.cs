using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.EventsGateway.Sources;
using Gateway.EventsGateway.Sources.Mapping;
using Gateway.EventsGateway.Sources.Templates;
using Gateway.EventsGateway.Sources.Verification;
using Gateway.EventsGateway.Tests.Sources;
using Gateway.EventsGateway.Tests.Sources.Mapping;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent.FromSource;

/// <param name="Source">Whose path it is sent to.</param>
/// <param name="Head">The request line and the headers, as they are sent.</param>
/// <param name="Body">Is sent after the head.</param>
/// <param name="Values">As the gateway must read them; null where the head is hostile.</param>
internal sealed record GeneratedRequest(Source Source, byte[] Head, byte[] Body, RequestValues? Values);

/// <summary>Sources with generated mappings, and requests for them: some without a proof, some with hostile heads.</summary>
internal sealed class SourceGenerator(Random random)
{
    private const string Secret = "generated-secret-";

    private readonly MappingGenerator _mappings = new(random);
    private int _count;

    /// <summary>Settings that were refused because of an error.</summary>
    public int Refused { get; private set; }

    public SourceTable Table(int sources)
    {
        var all = new JsonObject();
        while (all.Count < sources)
        {
            var (name, settings) = ($"s{++_count}", Settings());
            if (SourceSetup.Load(new JsonObject { [name] = settings.DeepClone() }.ToJsonString()).Table is null) Refused++;
            else all[name] = settings;
        }

        return SourceSetup.Load(all.ToJsonString()).Table!;
    }

    public GeneratedRequest Request(SourceTable table)
    {
        var (source, body) = (_mappings.Pick([.. table.All]), _mappings.Body());
        var secret = _mappings.OneIn(20) ? "another secret" : $"{Secret}{source.Name}";
        var isToken = source.Verify.Scheme == VerifyScheme.Token;
        var lines = new List<string> { isToken ? $"X-Token: {secret}" : $"X-Signature: {Hmac(secret, body)}" };
        string[] plain = [.. Enumerable.Repeat("plain", random.Next(3))];
        var (isPlain, query) = (!_mappings.OneIn(3), "");
        if (isPlain)
        {
            lines.AddRange(plain.Select(value => $"x: {value}"));
        }
        else
        {
            lines.Add($"x: {_mappings.Hostile()}");
            if (_mappings.OneIn(4)) lines.Add(_mappings.Pick(": no name", "Content-Encoding: gzip", "a b: c", "Expect: x", "x"));
            var escaped = Uri.EscapeDataString(_mappings.Hostile());
            if (_mappings.OneIn(2)) query = _mappings.Pick("?q=%zz%ff%", "?q=1&q=2", $"?q={escaped}");
        }

        var head = string.Concat(
            $"POST /v1/sources/{source.Name}{query} HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n",
            $"Content-Length: {body.Length}\r\n{string.Concat(lines.Select(line => $"{line}\r\n"))}\r\n");
        var headers = new HeaderDictionary { ["x"] = new StringValues(plain) };
        return new GeneratedRequest(
            source, (_mappings.OneIn(2) ? Encoding.UTF8 : Encoding.Latin1).GetBytes(head), body,
            isPlain ? new RequestValues(headers, new QueryCollection(), new Dictionary<string, string>()) : null);
    }

    private JsonObject Settings()
    {
        var (mapping, isToken) = (_mappings.Definition(), _mappings.OneIn(2));
        var settings = new JsonObject
        {
            ["Merchant"] = mapping.Merchant,
            ["Secrets"] = new JsonArray(new JsonObject { ["Id"] = "a", ["Value"] = $"{Secret}s{_count}" }),
            ["Verify"] = isToken
                ? new JsonObject { ["Scheme"] = "token", ["Signature"] = "{header.X-Token}" }
                : new JsonObject { ["Signature"] = "{header.X-Signature}" },
            ["Take"] = new JsonArray([.. mapping.Take.Select(one => new JsonObject
            {
                ["Value"] = one.Value, ["Is"] = Texts(one.Is), ["Keep"] = _mappings.OneIn(2),
            })]),
            ["Map"] = new JsonObject
            {
                ["Id"] = mapping.Id, ["Shipment"] = mapping.Shipment, ["Type"] = mapping.Type,
                ["Types"] = new JsonObject(
                    mapping.Types.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)Texts(one.Value)))),
                ["OccurredAt"] = _mappings.OneIn(4) ? TimeOf(mapping.OccurredAt) : null,
            },
            ["Answer"] = new JsonObject { ["Body"] = "{\"a\":\"{$.a?}\",\"q\":\"{query.q?}\"}" },
        };
        if (mapping.Inner is not null && _mappings.OneIn(4)) settings["Inner"] = mapping.Inner;
        if (mapping.Each is not null && _mappings.OneIn(2)) settings["Each"] = mapping.Each;
        // The signature covers the body alone.
        return isToken ? settings : JsonNode.Parse(settings.ToJsonString().Replace(" ?? header.x?", ""))!.AsObject();
    }

    private static JsonObject TimeOf(TimeDefinition time)
    {
        var json = new JsonObject { ["Value"] = time.Value };
        if (time.Format is not null) json["Format"] = time.Format;
        if (time.Zone is not null) json["Zone"] = time.Zone;
        return json;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];

    private static string Hmac(string secret, byte[] body)
        => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
}
