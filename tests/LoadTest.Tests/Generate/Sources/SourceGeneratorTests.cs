using System.Text;
using System.Text.Json;
using Gateway.EventsGateway.Sources;
using Gateway.EventsGateway.Sources.Configuration;
using Gateway.EventsGateway.Sources.Settings;
using Gateway.LoadTest.Generate.Sources;
using Gateway.LoadTest.Measure.Accounting;
using Gateway.LoadTest.Tests.EndToEnd;
using Gateway.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.LoadTest.Tests.Generate.Sources;

public sealed class SourceGeneratorTests : IDisposable
{
    private const string Run = "1234567890";
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    [Fact]
    public void Number_stands_in_shipment_and_id()
    {
        var body = JsonDocument.Parse(Written(SourceOf("easypost"), 42).Body).RootElement;

        body.GetProperty("id").GetString().ShouldBe("12345678900000000042");
        body.GetProperty("result").GetProperty("tracking_code").GetString().ShouldBe("12345678900000000042");
        body.GetProperty("result").GetProperty("status").GetString().ShouldBe("delivered");
    }

    [Fact]
    public void Number_of_the_sample_stays_a_number()
        => JsonDocument.Parse(Written(SourceOf("sendcloud"), 42).Body).RootElement.GetProperty("parcel").GetProperty("id")
            .GetRawText().ShouldBe("12345678900000000042");

    [Fact]
    public void Items_of_a_batch_have_numbers_in_a_row()
        => JsonDocument.Parse(Written(SourceOf("dhl-push"), 40, events: 3).Body).RootElement.GetProperty("shipments")
            .EnumerateArray().Select(item => item.GetProperty("id").GetString()![^2..]).ShouldBe(["40", "41", "42"]);

    [Fact]
    public void Timestamp_of_the_signature_is_renewed_before_it_is_stale()
    {
        var generator = GeneratorOf(SourceOf("standard-webhooks"), events: 1);
        var first = TimestampOf(Written(generator, 1).Head);
        _time.Advance(TimeSpan.FromMinutes(2));
        TimestampOf(Written(generator, 2).Head).ShouldBe(first);
        _time.Advance(TimeSpan.FromMinutes(2));

        TimestampOf(Written(generator, 3).Head).ShouldBe(first + 240);
    }

    public void Dispose() => _folder.Dispose();

    private static long TimestampOf(string head)
        => long.Parse(head.Split("webhook-timestamp: ")[1].Split('\r')[0], System.Globalization.CultureInfo.InvariantCulture);

    private Source SourceOf(string preset)
    {
        var nothing = SettingsNode.Of(new ConfigurationBuilder().Build().GetSection("none"));
        var loaded = new SourceLoader(nothing, SourceFile.Write(_folder, preset), needsSecrets: true, "another", _time).Load();
        return loaded.Table.ShouldNotBeNull().All[0];
    }

    private SourceGenerator GeneratorOf(Source source, int events)
    {
        var ids = new SourceIds(source.Name, Run, _time.GetUtcNow());
        var samples = new NewEvents(source, source.Samples[0], ids, events);
        samples.AreNew().ShouldBeTrue();
        return new SourceGenerator(
            samples, source.Verifier!.Secrets[0], ids, new Uri("http://localhost:3000/v1/events-gateway"), _time);
    }

    private (string Head, string Body) Written(Source source, long number, int events = 1)
        => Written(GeneratorOf(source, events), number);

    private static (string Head, string Body) Written(SourceGenerator generator, long number)
    {
        using var writer = generator.NewWriter();
        var request = new byte[generator.MaxLength];
        var text = Encoding.UTF8.GetString(request, 0, writer.Write(number, request));
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        return (text[..end], text[end..]);
    }
}
