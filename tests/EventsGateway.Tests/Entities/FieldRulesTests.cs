using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Tests.Entities;

public sealed class FieldRulesTests
{
    [Theory]
    [Trait("Defect", "S3")]
    [InlineData(null, "must be a string")]
    [InlineData("", "must not be blank")]
    [InlineData("   ", "must not be blank")]
    [InlineData("\u00a0\u2003", "must not be blank")]
    [InlineData("a\0b", "must not contain control characters")]
    [InlineData("a\n", "must not contain control characters")]
    [InlineData("a\u007f", "must not contain control characters")]
    [InlineData("a\u0085b", "must not contain control characters")]
    public void Blank_id_is_rejected(string? id, string mistake) => FieldRules.ValidateId(id).ShouldBe(mistake);

    [Theory]
    [Trait("Defect", "S7")]
    [InlineData("x", 256, true)]
    [InlineData("x", 257, false)]
    [InlineData("é", 256, true)]
    [InlineData("é", 257, false)]
    [InlineData("☃", 170, true)]
    [InlineData("☃", 171, false)]
    [InlineData("🚚", 128, true)]
    [InlineData("🚚", 129, false)]
    public void Id_has_at_most_256_characters_and_512_bytes(string character, int count, bool isFine)
        => (FieldRules.ValidateId(string.Concat(Enumerable.Repeat(character, count))) is null).ShouldBe(isFine);

    [Theory]
    [Trait("Defect", "B2")]
    [InlineData("12345")]
    [InlineData("-5")]
    [InlineData("dhl:1")]
    [InlineData("événement-☃")]
    [InlineData(" inner and outer spaces ")]
    [InlineData("'; DROP TABLE events; --")]
    public void Id_of_any_other_form_is_valid(string id) => FieldRules.ValidateId(id).ShouldBeNull();
}
