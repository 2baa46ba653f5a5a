using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.EventsGateway.Sources;
using Gateway.EventsGateway.Sources.Configuration;
using Gateway.EventsGateway.Sources.Settings;
using Gateway.EventsGateway.Sources.Templates;
using Gateway.EventsGateway.Sources.Verification;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.EventsGateway.Tests.Sources;

/// <summary>Sources from JSON, as a user writes them, and requests for them.</summary>
internal static class SourceSetup
{
    public const string Secret = "test-secret-0123";

    public static readonly DateTimeOffset Now = new(2026, 2, 25, 14, 30, 0, TimeSpan.Zero);

    /// <summary>The fields that every source needs and a test does not care about.</summary>
    private const string Rest = """
        { "Merchant": "m-1", "Secrets": [{ "Id": "a", "Value": "test-secret-0123" }],
          "Map": { "Shipment": "$.shipment", "Type": "$.type" } }
        """;

    public static LoadedSources Load(string json, string? file = null, bool needsSecrets = true, string webhookSecret = "")
        => Loader(json, file, needsSecrets, webhookSecret).Load();

    public static SourceLoader Loader(string json, string? file, bool needsSecrets = true, string webhookSecret = "")
        => new(Tree(json), file, needsSecrets, webhookSecret, new FakeTimeProvider(Now));

    /// <summary>A file beside the tests.</summary>
    public static string TestFile(string path, [CallerFilePath] string caller = "")
        => File.ReadAllText(Path.Combine(Path.GetDirectoryName(caller)!, path));

    public static SettingsNode Tree(string json)
        => SettingsNode.OfJson(Encoding.UTF8.GetBytes(json), path => throw new InvalidDataException(path));

    /// <summary>One source; what it does not write is taken from a small source that is complete.</summary>
    public static Source Source(string json)
    {
        var merged = JsonNode.Parse(Rest)!.AsObject();
        foreach (var (key, value) in JsonNode.Parse(json)!.AsObject()) merged[key] = value?.DeepClone();
        var loaded = Load($$"""{ "test": {{merged.ToJsonString()}} }""");
        loaded.Errors.ShouldBeEmpty();
        return loaded.Table!.All.ShouldHaveSingleItem();
    }

    public static RequestValues Request(params (string Name, StringValues Value)[] headers) => Request(headers, route: null);

    public static RequestValues Request(
        IEnumerable<(string Name, StringValues Value)> headers, IReadOnlyDictionary<string, string>? route)
    {
        var dictionary = new HeaderDictionary();
        foreach (var (name, value) in headers) dictionary.Append(name, value);
        return new RequestValues(dictionary, new QueryCollection(), route ?? new Dictionary<string, string>());
    }

    public static VerifyResult Verify(
        this Source source, string body, params (string Name, StringValues Value)[] headers)
        => source.Verifier!.Verify(Request(headers), Encoding.UTF8.GetBytes(body), Now);
}
