using CsCheck;
using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Tests.Entities;

public sealed class EventKeyTests
{
    private static readonly Gen<string> AnyId = Gen.OneOf(
            Gen.Char['\u0020', '\u00ff'].Select(one => one.ToString()),
            Gen.Char["abc019-._:%/~"].Select(one => one.ToString()),
            Gen.Int[0x100, 0xD7FF].Select(char.ConvertFromUtf32),
            Gen.Int[0xE000, 0x10FFFF].Select(char.ConvertFromUtf32))
        .Array[1, 20].Select(string.Concat);

    [Fact]
    [Trait("Defect", "B2")]
    public void Any_key_is_parsed_from_its_text() => Gen.Select(AnyId, AnyId).Sample((company, id) =>
    {
        var key = new EventKey(company, id);

        EventKey.TryParse(key.ToString(), out var parsed).ShouldBeTrue();

        parsed.ShouldBe(key);
    });

    [Fact]
    public void Key_text_is_ascii_that_needs_no_escape_in_a_url() => Gen.Select(AnyId, AnyId).Sample((company, id) =>
    {
        var text = new EventKey(company, id).ToString();

        text.ShouldBe(Uri.EscapeDataString(text));
        text.ShouldMatch("^[A-Za-z0-9_-]+[.][A-Za-z0-9_-]+$");
    });

    [Fact]
    public void Only_the_text_of_a_key_is_parsed() => Gen.Char["aZ9-._:C3bB"].Array[0, 12].Select(string.Concat).Sample(text =>
    {
        if (EventKey.TryParse(text, out var key)) key.Value.ToString().ShouldBe(text);
    });

    [Fact]
    [Trait("Defect", "S4")]
    public void Different_keys_have_different_texts()
    {
        Gen.Select(AnyId, AnyId, AnyId, AnyId).Sample((company, id, otherCompany, otherId) =>
            (new EventKey(company, id).ToString() == new EventKey(otherCompany, otherId).ToString())
            .ShouldBe(company == otherCompany && id == otherId));
        new EventKey("a:b", "c").ToString().ShouldNotBe(new EventKey("a", "b:c").ToString());
        new EventKey("a.b", "c").ToString().ShouldNotBe(new EventKey("a", "b.c").ToString());
        new EventKey("a_2e", "b").ToString().ShouldNotBe(new EventKey("a.", "b").ToString());
    }

    [Theory]
    [InlineData("dhl", "1", "dhl.1")]
    [InlineData("dhl", "dhl:1", "dhl.dhl_3a1")]
    [InlineData("dhl", "événement-☃", "dhl._c3_a9v_c3_a9nement-_e2_98_83")]
    [InlineData("a.b", "c_d", "a_2eb.c_5fd")]
    [InlineData("dhl", "🚚", "dhl._f0_9f_9a_9a")]
    [InlineData("DHL", "-5", "DHL.-5")]
    [InlineData("", "1", ".1")]
    public void Key_text_escapes_all_but_letters_digits_and_hyphens(string company, string id, string text)
        => new EventKey(company, id).ToString().ShouldBe(text);

    [Theory]
    [InlineData("")]
    [InlineData("dhl")]
    [InlineData(".")]
    [InlineData("dhl.")]
    [InlineData("dhl.1.2")]
    [InlineData("dhl.dhl:1")]
    [InlineData("dhl.dhl_3A1")]
    [InlineData("dhl._31")]
    [InlineData("dhl._3")]
    [InlineData("dhl._")]
    [InlineData("dhl._zz")]
    [InlineData("dhl._ff")]
    [InlineData("dhl._c3")]
    [InlineData("dhl._ed_a0_80")]
    [InlineData("dhl.é")]
    [InlineData("dhl.1 ")]
    [InlineData("counts")]
    public void Text_that_is_not_a_key_is_not_parsed(string text)
    {
        EventKey.TryParse(text, out var key).ShouldBeFalse();
        key.ShouldBeNull();
    }
}
