using Gateway.EventsGateway.Sources.Mapping;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Tests.Sources.Mapping;

public sealed class TimeReaderTests
{
    private const string NoFormat = " is none of auto, unix, unix-ms, iso, rfc1123, and no .NET pattern with year, month and day";
    private const string At = "2026-02-25T14:30:00.000Z";

    [Theory]
    [InlineData(null, null, "2026-02-25T14:30:00Z", At)]
    [InlineData(null, null, "2026-02-25T14:30:00", At)]
    [InlineData(null, null, "2026-02-25 14:30:00", At)]
    [InlineData(null, null, "2026-02-25T09:30:00-05:00", At)]
    [InlineData(null, null, "2026-02-25T14:30:00.123456789Z", "2026-02-25T14:30:00.123Z")]
    [InlineData(null, null, "1772029800", At)]
    [InlineData(null, null, "1772029800000", At)]
    [InlineData(null, null, "1772029800.25", "2026-02-25T14:30:00.250Z")]
    [InlineData(null, null, "99999999999", "5138-11-16T09:46:39.000Z")]
    [InlineData(null, null, "100000000000", "1973-03-03T09:46:40.000Z")]
    [InlineData(null, null, "20260225", "2026-02-25T00:00:00.000Z")]
    [InlineData(null, null, "1e400", null)]
    [InlineData(null, null, "229255084490768384", null)]
    [InlineData(null, null, "yesterday", null)]
    [InlineData(null, null, "2026-02-30T14:30:00Z", null)]
    [InlineData("unix", null, "1772029800", At)]
    [InlineData("unix", null, "1.7720298e9", At)]
    [InlineData("unix", null, "-1", "1969-12-31T23:59:59.000Z")]
    [InlineData("unix", null, "2026-02-25T14:30:00Z", null)]
    [InlineData("unix", null, "253402300800", null)]
    [InlineData("unix-ms", null, "1772029800000", At)]
    [InlineData("unix-ms", null, "1772029800000.9", At)]
    [InlineData("unix-ms", null, "-999999999999999", null)]
    [InlineData("unix-ms", null, " 1", null)]
    [InlineData("iso", null, "1772029800", null)]
    [InlineData("iso", "Africa/Cairo", "2026-02-25T16:30:00", At)]
    [InlineData("iso", "Africa/Cairo", "2026-02-25T16:30:00Z", "2026-02-25T16:30:00.000Z")]
    [InlineData("iso", "Africa/Cairo", "2026-02-25T16:30:00+02:00", At)]
    [InlineData("iso", "Africa/Cairo", "20260225T163000", At)]
    [InlineData("iso", "Africa/Cairo", "2026-07-25T17:30:00", "2026-07-25T14:30:00.000Z")]
    [InlineData("iso", "Europe/Berlin", "2026-03-29T02:30:00", "2026-03-29T01:30:00.000Z")]
    [InlineData("iso", "Europe/Berlin", "2026-10-25T02:30:00", "2026-10-25T01:30:00.000Z")]
    [InlineData("iso", "Europe/Berlin", "2026-10-25T02:30:00+02:00", "2026-10-25T00:30:00.000Z")]
    [InlineData("iso", "+07:00", "2026-02-25T21:30:00", At)]
    [InlineData("iso", "-0530", "2026-02-25T09:00:00", At)]
    [InlineData("iso", "+07:00", "0001-01-01T00:00:00", null)]
    [InlineData("iso", "-07:00", "9999-12-31T23:00:00", null)]
    [InlineData("rfc1123", "Africa/Cairo", "Wed, 25 Feb 2026 14:30:00 GMT", At)]
    [InlineData("rfc1123", null, "Wed, 25 Feb 2026 16:30:00 +0200", At)]
    [InlineData("rfc1123", null, "Wed, 25 Feb 2026", null)]
    [InlineData("yyyyMMddHHmmss", null, "20260225143000", At)]
    [InlineData("yyyyMMddHHmmss", null, "2026022514300", null)]
    [InlineData("yyyy-MM-dd HH:mm:ss", "Asia/Ho_Chi_Minh", "2026-02-25 21:30:00", At)]
    [InlineData("yyyy-MM-dd HH:mm:ssK", "Asia/Ho_Chi_Minh", "2026-02-25 21:30:00", At)]
    [InlineData("yyyy-MM-dd HH:mm:ssK", "Asia/Ho_Chi_Minh", "2026-02-25 14:30:00Z", At)]
    [InlineData("dd/MM/yyyy HH:mm zzz", null, "25/02/2026 16:30 +02:00", At)]
    public void Time_is_read(string? format, string? zone, string text, string? expected)
    {
        var time = Reader(format, zone).Read(text);

        (time is { } read ? IsoTime.Text(read) : null).ShouldBe(expected);
    }

    [Theory]
    [InlineData(null, null, "2026-02-25T14:30:00Z", "2026-02-25T14:30:00.999Z")]
    [InlineData(null, null, "2026-02-25T14:30:00.5Z", "2026-02-25T14:30:00.599Z")]
    [InlineData(null, "Africa/Cairo", "2026-02-25", "2026-02-25T21:59:59.999Z")]
    [InlineData(null, null, "1772029800", "2026-02-25T14:30:00.999Z")]
    [InlineData(null, null, "1772029800000", At)]
    [InlineData("rfc1123", null, "Wed, 25 Feb 2026 14:30:00 GMT", "2026-02-25T14:30:00.999Z")]
    [InlineData("yyyyMMddHHmmss", null, "20260225143000", "2026-02-25T14:30:00.999Z")]
    [InlineData("yyyy-MM-dd HH:mm", "+02:00", "2026-02-25 16:30", "2026-02-25T14:30:59.999Z")]
    [InlineData("dd.MM.yyyy", null, "25.02.2026", "2026-02-25T23:59:59.999Z")]
    [InlineData("yyyy-MM-dd HH:mm:ss.ff", null, "2026-02-25 14:30:00.25", "2026-02-25T14:30:00.259Z")]
    [InlineData("yyyy-MM-dd", null, "9999-12-31", "9999-12-31T23:59:59.999Z")]
    public void Last_millisecond_of_the_written_precision(string? format, string? zone, string text, string expected)
        => IsoTime.Text(Reader(format, zone).ReadLast(text)!.Value).ShouldBe(expected);

    [Theory]
    [InlineData("Unix", null, "Format 'Unix'" + NoFormat)]
    [InlineData("HH:mm", null, "Format 'HH:mm'" + NoFormat)]
    [InlineData("", null, "Format ''" + NoFormat)]
    [InlineData("%", null, "Format '%'" + NoFormat)]
    [InlineData("auto", "Cairo", "Zone 'Cairo' is neither a time zone of this machine (Africa/Cairo) nor an offset (+02:00)")]
    [InlineData("auto", "+25:00", "Zone '+25:00' is neither a time zone of this machine (Africa/Cairo) nor an offset (+02:00)")]
    [InlineData("auto", "", "Zone '' is neither a time zone of this machine (Africa/Cairo) nor an offset (+02:00)")]
    public void Error_is_told(string format, string? zone, string expected)
    {
        TimeReader.Create(format, zone, out var error).ShouldBeNull();

        error.ShouldBe(expected);
    }

    private static TimeReader Reader(string? format, string? zone)
    {
        var reader = TimeReader.Create(format, zone, out var error);
        error.ShouldBeNull();
        return reader.ShouldNotBeNull();
    }
}
