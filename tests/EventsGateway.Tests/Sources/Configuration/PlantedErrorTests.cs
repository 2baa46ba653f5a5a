using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.EventsGateway.Tests.Sources.Configuration;

/// <summary>Each mistake of the file is found with a line that names the place and the cure.</summary>
public sealed class PlantedErrorTests
{
    private static readonly JsonDocumentOptions Comments = new() { CommentHandling = JsonCommentHandling.Skip };

    public static TheoryData<int> Planted => [.. Enumerable.Range(0, All().Count)];

    [Fact]
    public void The_file_has_twenty_mistakes() => All().Count.ShouldBe(20);

    [Theory]
    [MemberData(nameof(Planted))]
    public void A_planted_mistake_is_found_with_a_line_that_names_the_cure(int index)
    {
        var planted = All()[index]!;

        Errors($$"""{ "a": {{Written(planted)}} }""").ShouldHaveSingleItem().ShouldStartWith(planted["Find"]!.GetValue<string>());
    }

    /// <summary>They have no other error line, and would make all events those of one shipment.</summary>
    [Theory]
    [InlineData("""{ "Map": { "Shipment": "parcel.number", "Type": "$.t" } }""", "Map.Shipment is the text 'parcel.number'")]
    [InlineData("""{ "Map": { "Shipment": "$.s", "Type": "state" } }""", "Map.Type is the text 'state'")]
    [InlineData("""{ "Take": [{ "Value": "event", "Is": ["x"] }] }""", "Take[0].Value is the text 'event'")]
    public void Path_that_is_written_without_its_sign_is_found(string source, string line)
        => Errors($$"""{ "a": {{Written(JsonNode.Parse($"{{ \"Source\": {source} }}")!)}} }""").ShouldHaveSingleItem()
            .ShouldStartWith($"sources:a: {line} in every request; a field of the body is written $.");

    [Fact]
    public void Text_that_the_type_table_has_may_be_the_type_of_all_events()
        => Errors($$"""
            { "a": {{Written(JsonNode.Parse("""
                { "Source": { "Map": { "Shipment": "$.s", "Type": "done", "Types": { "SHIPMENT_DELIVERED": ["done"] } } } }
                """)!)}} }
            """).ShouldBeEmpty();

    [Fact]
    public void All_mistakes_are_reported_at_once()
    {
        var json = string.Join(", ", All().Select((planted, index) => $"\"a{index}\": {Written(planted!, index)}"));

        var errors = Errors($"{{ {json} }}");

        for (var index = 0; index < 20; index++) errors.ShouldContain(error => error.StartsWith($"sources:a{index}: "));
        errors.Count.ShouldBe(20);
    }

    private static string Written(JsonNode planted, int index = 0)
    {
        var source = JsonNode.Parse($$"""
            { "Merchant": "m-1", "Secrets": [{ "Id": "a", "Value": "0123456789abcdef{{index}}" }],
              "Verify": { "Signature": "{header.X-Sig}" }, "Map": { "Shipment": "$.s", "Type": "$.t" } }
            """)!.AsObject();
        foreach (var (key, value) in planted["Source"]!.AsObject()) source[key] = value?.DeepClone();
        return source.ToJsonString();
    }

    private static IReadOnlyList<string> Errors(string json) => SourceSetup.Load(json).Errors;

    private static JsonArray All()
        => JsonNode.Parse(SourceSetup.TestFile("PlantedErrors.json"), documentOptions: Comments)!.AsArray();
}
