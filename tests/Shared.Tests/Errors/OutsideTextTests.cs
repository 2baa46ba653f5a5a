using System.Globalization;
using System.Text;
using CsCheck;
using Gateway.Shared.Errors;

namespace Gateway.Shared.Tests.Errors;

public sealed class OutsideTextTests
{
    [Theory]
    [InlineData("plain text, with 'signs'", "plain text, with 'signs'")]
    [InlineData("Zürich 北京 😀", "Zürich 北京 😀")]
    [InlineData("a\r\nfail: forged", @"a\r\nfail: forged")]
    [InlineData("\u001b[31mred\u0000", @"\u001b[31mred\u0000")]
    [InlineData("\u0085\u2028\u2029", @"\u0085\u2028\u2029")]
    [InlineData("user\u202egpj.exe\u2066", @"user\u202egpj.exe\u2066")]
    [InlineData("a\u200bb\u200dc\ufeffd\u00ad", @"a\u200bb\u200dc\ufeffd\u00ad")]
    [InlineData("tag\U000e0041", @"tag\U000e0041")]
    public void Characters_that_forge_reorder_or_hide_are_escapes(string text, string clean)
        => OutsideText.Clean(text).ShouldBe(clean);

    [Fact]
    public void Half_of_a_surrogate_pair_is_replaced() => OutsideText.Clean("half\ud83d").ShouldBe("half\ufffd");

    [Theory]
    [InlineData(256, 256)]
    [InlineData(257, 256)]
    [InlineData(100_000, 256)]
    public void Longer_text_is_cut_and_says_so(int length, int kept)
    {
        var clean = OutsideText.Clean(new string('x', length));

        clean.Length.ShouldBe(kept);
        clean.EndsWith('…').ShouldBe(length > kept);
    }

    [Fact]
    public void Text_of_a_log_line_is_clean()
        => $"{new OutsideText("a\nb")} {(OutsideText)(string?)null}".ShouldBe(@"a\nb (null)");

    [Fact]
    public void Any_text_is_clean_short_and_stays_so()
        => Gen.Select(Gen.Int[0, 0x10FFFF].Where(Rune.IsValid).Array[0, 300], Gen.Int[1, 300]).Sample((runes, max) =>
        {
            var clean = OutsideText.Clean(string.Concat(runes.Select(rune => new Rune(rune).ToString())), max);
            clean.Length.ShouldBeLessThanOrEqualTo(max);
            clean.EnumerateRunes().ShouldAllBe(rune => !Unsafe.Contains(Rune.GetUnicodeCategory(rune)));
            OutsideText.Clean(clean, max).ShouldBe(clean);
        });

    private static readonly UnicodeCategory[] Unsafe =
    [
        UnicodeCategory.Control, UnicodeCategory.Format, UnicodeCategory.LineSeparator, UnicodeCategory.ParagraphSeparator,
        UnicodeCategory.Surrogate,
    ];
}
