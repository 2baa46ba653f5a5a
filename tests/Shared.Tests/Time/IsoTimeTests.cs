using CsCheck;
using Gateway.Shared.Time;

namespace Gateway.Shared.Tests.Time;

/// <summary>The forms of occurredAt in the wire contract, with the documented deviations (S5).</summary>
public sealed class IsoTimeTests
{
    [Theory]
    [InlineData("2026-02", "2026-02-01T00:00:00.000Z")]
    [InlineData("2026-02-25", "2026-02-25T00:00:00.000Z")]
    [InlineData("20260225", "2026-02-25T00:00:00.000Z")]
    [InlineData("2026-056", "2026-02-25T00:00:00.000Z")]
    [InlineData("2024-366", "2024-12-31T00:00:00.000Z")]
    [InlineData("2024-02-29", "2024-02-29T00:00:00.000Z")]
    [InlineData("+2026-02-25", "2026-02-25T00:00:00.000Z")]
    [InlineData("2026-02-25T", "2026-02-25T00:00:00.000Z")]
    [InlineData("2026-02-25T14", "2026-02-25T14:00:00.000Z")]
    [InlineData("2026-02-25T14:30", "2026-02-25T14:30:00.000Z")]
    [InlineData("2026-02-25T14:30Z", "2026-02-25T14:30:00.000Z")]
    [InlineData("2026-02-25T14:30:00", "2026-02-25T14:30:00.000Z")]
    [InlineData("2026-02-25T14:30:01Z", "2026-02-25T14:30:01.000Z")]
    [InlineData("2026-02-25 14:30:01Z", "2026-02-25T14:30:01.000Z")]
    [InlineData("2026-02-25T14:30:01.5Z", "2026-02-25T14:30:01.500Z")]
    [InlineData("2026-02-25T14:30:01,25Z", "2026-02-25T14:30:01.250Z")]
    [InlineData("2026-02-25T14:30:01.123456789012345678901234567890Z", "2026-02-25T14:30:01.123Z")]
    [InlineData("2026-02-25T14:30:59.9999Z", "2026-02-25T14:30:59.999Z")]
    [InlineData("2026-02-25T14:30.5Z", "2026-02-25T14:30:30.000Z")]
    [InlineData("2026-02-25T14.5Z", "2026-02-25T14:30:00.000Z")]
    [InlineData("2026-02-25T14:30:00+02:00", "2026-02-25T12:30:00.000Z")]
    [InlineData("2026-02-25T14:30:00+0200", "2026-02-25T12:30:00.000Z")]
    [InlineData("2026-02-25T14:30:00+02", "2026-02-25T12:30:00.000Z")]
    [InlineData("2026-02-25T14:30:00-05:30", "2026-02-25T20:00:00.000Z")]
    [InlineData("2026-01-01T01:00:00+02:00", "2025-12-31T23:00:00.000Z")]
    [InlineData("20260225T143001Z", "2026-02-25T14:30:01.000Z")]
    [InlineData("2026-02-25T24:00", "2026-02-26T00:00:00.000Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z")]
    [Trait("Defect", "S5")]
    public void Every_form_of_the_original_is_parsed(string text, string moment)
        => IsoTime.Text(IsoTime.Parse(text).ShouldNotBeNull()).ShouldBe(moment);

    [Theory]
    [InlineData("2026")]
    [InlineData("2026-W09")]
    [InlineData("2026-W09-3")]
    [InlineData("2026-02-30T00:00:00Z")]
    [InlineData("2026-02-29")]
    [InlineData("2026-04-31")]
    [InlineData("2026-366")]
    [InlineData("2026-000")]
    [InlineData("-0001-01-01")]
    [InlineData("0000-01-01")]
    [InlineData("9999-12-31T23:59:59-01:00")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [Trait("Defect", "S5")]
    public void Texts_of_the_original_without_a_point_in_time_are_rejected(string text)
        => IsoTime.Parse(text).ShouldBeNull();

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("2026-02-25t14:30:00z")]
    [InlineData("2026-02-25T24:00:00Z")]
    [InlineData("2026-02-25T24:01")]
    [InlineData("2026-02-25T25:00:00Z")]
    [InlineData("2026-02-25T14:60:00Z")]
    [InlineData("2026-02-25T14:30:60Z")]
    [InlineData("2026-00-25")]
    [InlineData("2026-13-25")]
    [InlineData("2026-02-32")]
    [InlineData("2026-02-00")]
    [InlineData("12026-02-25")]
    [InlineData("202602")]
    [InlineData("1772029800")]
    [InlineData("1772029800000")]
    [InlineData("Wed, 25 Feb 2026 14:30:00 GMT")]
    [InlineData(" 2026-02-25")]
    [InlineData("2026-02-25T14:30:00Z ")]
    [InlineData("2026-02-25T14:30:00Z\n")]
    [InlineData("2026-02-25T14:30:00+24:00")]
    [InlineData("2026-02-25T14:30:00+02:60")]
    [InlineData("2026-02-25T14:30:00.Z")]
    [InlineData("2026-02-25T14:3000Z")]
    [InlineData("2026-02-25T1430:00Z")]
    [InlineData("2026-2-5")]
    [InlineData("٢٠٢٦-٠٢-٢٥")]
    [InlineData("now")]
    public void Texts_that_the_original_rejected_are_rejected(string text) => IsoTime.Parse(text).ShouldBeNull();

    [Fact]
    public void Every_time_round_trips_through_its_text()
        => AnyMoment.Sample(moment => IsoTime.Parse(IsoTime.Text(moment)).ShouldBe(moment));

    [Fact]
    public void Order_of_texts_is_the_order_of_times() => Gen.Select(AnyMoment, AnyMoment).Sample((one, other) =>
    {
        IsoTime.Text(one).Length.ShouldBe(24);
        Math.Sign(string.CompareOrdinal(IsoTime.Text(one), IsoTime.Text(other))).ShouldBe(one.CompareTo(other));
    });

    [Fact]
    public void Arbitrary_text_does_not_break_the_parser()
        => Gen.Char["0123456789-+:.,TWZ "].Array[0, 30].Select(string.Concat).Sample(text =>
        {
            if (IsoTime.Parse(text) is { } moment) moment.Offset.ShouldBe(TimeSpan.Zero);
        });

    private static Gen<DateTimeOffset> AnyMoment { get; } = Gen.Long[0,
        DateTimeOffset.MaxValue.Ticks / TimeSpan.TicksPerMillisecond]
        .Select(milliseconds => new DateTimeOffset(milliseconds * TimeSpan.TicksPerMillisecond, TimeSpan.Zero));

    [Theory]
    [InlineData("2026-02", "2026-02-28T23:59:59.999Z")]
    [InlineData("2026-02-25", "2026-02-25T23:59:59.999Z")]
    [InlineData("20260225", "2026-02-25T23:59:59.999Z")]
    [InlineData("2026-056", "2026-02-25T23:59:59.999Z")]
    [InlineData("2026-02-25T10Z", "2026-02-25T10:59:59.999Z")]
    [InlineData("2026-02-25T10:30Z", "2026-02-25T10:30:59.999Z")]
    [InlineData("2026-02-25T10:30+02:00", "2026-02-25T08:30:59.999Z")]
    [InlineData("2026-02-25T10:30:15Z", "2026-02-25T10:30:15.999Z")]
    [InlineData("2026-02-25T10:30:15.5Z", "2026-02-25T10:30:15.599Z")]
    [InlineData("2026-02-25T10:30:15.123Z", "2026-02-25T10:30:15.123Z")]
    [InlineData("2026-02-25T10:30:15.123456Z", "2026-02-25T10:30:15.123Z")]
    [InlineData("2026-02-25T10:30.5Z", "2026-02-25T10:30:35.999Z")]
    [InlineData("2026-02-25T24:00Z", "2026-02-26T00:00:59.999Z")]
    [InlineData("9999-12-31", "9999-12-31T23:59:59.999Z")]
    public void Last_millisecond_of_a_time_follows_from_the_precision_it_was_written_with(string text, string last)
        => IsoTime.Text(IsoTime.ParseLast(text)!.Value).ShouldBe(last);

    [Theory]
    [InlineData("2026-02-30")]
    [InlineData("yesterday")]
    public void Text_that_is_no_time_has_no_last_millisecond(string text) => IsoTime.ParseLast(text).ShouldBeNull();
}
