using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Tests.Entities;

public sealed class FieldRulesTests
{
    [Theory]
    [InlineData(null, "must be a string")]
    [InlineData("", "must not be blank")]
    [InlineData("   ", "must not be blank")]
    [InlineData("\u00a0\u2003", "must not be blank")]
    [InlineData("a\0b", "must not contain control characters")]
    [InlineData("a\n", "must not contain control characters")]
    [InlineData("a\u007f", "must not contain control characters")]
    [InlineData("a\u0085b", "must not contain control characters")]
    public void S3_an_id_that_names_nothing_is_refused(string? id, string mistake) => FieldRules.ValidateId(id).ShouldBe(mistake);

    [Theory]
    [InlineData("x", 256, true)]
    [InlineData("x", 257, false)]
    [InlineData("é", 256, true)]
    [InlineData("é", 257, false)]
    [InlineData("☃", 170, true)]
    [InlineData("☃", 171, false)]
    [InlineData("🚚", 128, true)]
    [InlineData("🚚", 129, false)]
    public void S7_an_id_has_at_most_256_characters_and_512_bytes(string character, int count, bool isFine)
        => (FieldRules.ValidateId(string.Concat(Enumerable.Repeat(character, count))) is null).ShouldBe(isFine);

    [Theory]
    [InlineData("12345")]
    [InlineData("-5")]
    [InlineData("dhl:1")]
    [InlineData("événement-☃")]
    [InlineData(" inner and outer spaces ")]
    [InlineData("'; DROP TABLE events; --")]
    public void B2_an_id_of_any_other_form_is_fine(string id) => FieldRules.ValidateId(id).ShouldBeNull();
}
