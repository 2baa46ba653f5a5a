using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Sources.Mapping;

namespace Gateway.EventsGateway.Tests.Sources.Mapping;

public sealed class TypeTableTests
{
    private static readonly Dictionary<string, IReadOnlyList<string>> Types = new()
    {
        ["SHIPMENT_CREATED"] = ["M/*", "pre"],
        ["SHIPMENT_DELIVERED"] = ["D/FS", "M/X*", "done *"],
        ["SHIPMENT_CANCELLED"] = ["MV/*"],
        ["skip"] = ["5", "test*"],
    };

    [Theory]
    [InlineData("pre", "Created")]
    [InlineData("PRE", "Created")]
    [InlineData("M/", "Created")]
    [InlineData("m/01", "Created")]
    [InlineData("M/X1", "Delivered")]
    [InlineData("d/fs", "Delivered")]
    [InlineData("MV/", "Cancelled")]
    [InlineData("5", "skipped")]
    [InlineData("Testing", "skipped")]
    [InlineData("prefix", "unknown")]
    [InlineData("M", "unknown")]
    [InlineData("D/FS2", "unknown")]
    [InlineData("55", "unknown")]
    public void Longest_match_wins_in_any_case(string text, string expected)
    {
        var type = Table(Types, []).Find(text);

        (type.IsSkipped ? "skipped" : type.IsKnown ? type.Type.ToString() : "unknown").ShouldBe(expected);
        if (!type.IsKnown) type.Type.ShouldBe(EventType.Updated);
    }

    [Fact]
    public void Whole_text_wins_over_a_beginning_of_the_same_length()
    {
        var table = Table(new() { ["SHIPMENT_CREATED"] = ["*", "ok*"], ["SHIPMENT_DELIVERED"] = ["ok"] }, []);

        table.Find("ok").Type.ShouldBe(EventType.Delivered);
        table.Find("okay").Type.ShouldBe(EventType.Created);
        table.Find("").Type.ShouldBe(EventType.Created);
    }

    [Fact]
    public void All_errors_are_told_at_once()
    {
        var errors = new List<string>();

        Table(new() { ["DELIVERED"] = ["a", "a"], ["SHIPMENT_CREATED"] = [" ", "b*"], ["Skip"] = ["B*"] }, errors);

        errors.ShouldBe(
        [
            $"Map.Types.DELIVERED is no type: write {EventTypeText.All}, or skip",
            "Map.Types.DELIVERED: 'a' stands in the table twice",
            "Map.Types.SHIPMENT_CREATED has a blank text",
            "Map.Types.Skip: 'B*' stands in the table twice",
        ]);
    }

    private static TypeTable Table(Dictionary<string, IReadOnlyList<string>> types, List<string> errors) => new(types, errors);
}
