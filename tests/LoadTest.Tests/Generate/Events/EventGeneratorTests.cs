using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.LoadTest.Generate.Events;
using Gateway.LoadTest.Measure.Accounting;

namespace Gateway.LoadTest.Tests.Generate.Events;

public sealed class EventGeneratorTests
{
    private const string Secret = "a secret that only tests know";
    private static readonly RunIds Ids = new("run1");
    private static readonly EventGenerator Events = new(Ids, new Uri("http://localhost:3000/v1/events-gateway"), Secret);

    [Theory]
    [InlineData(0)]
    [InlineData(47)]
    [InlineData(9_999_999_999)]
    public void Signature_is_the_HMAC_of_the_body(long number)
    {
        var (head, body) = Written(number);

        var hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(body));
        head.ShouldContain($"x-signature: {Convert.ToHexStringLower(hash)}\r\n");
        head.ShouldContain($"Content-Length: {body.Length}\r\n");
    }

    [Fact]
    public void Body_is_a_webhook_of_about_290_bytes()
    {
        for (var number = 0; number < 100; number++)
        {
            var body = Written(number).Body;
            body.Length.ShouldBeInRange(270, 320);
            JsonDocument.Parse(body).RootElement.GetProperty("merchantId").GetString().ShouldBe("load-run1");
        }
    }

    [Fact]
    public void Events_are_reproducible_and_unique()
    {
        Written(5).ShouldBe(Written(5));
        Enumerable.Range(0, 500).Select(number => Id(Written(number).Body, "eventId")).ShouldBeUnique();
        Enumerable.Range(0, 500).Select(number => Id(Written(number).Body, "shipmentId")).ShouldBeUnique();
    }

    [Fact]
    public void Key_contains_the_company_and_the_number()
    {
        var body = Written(4321).Body;
        var key = Ids.KeyOf(4321);

        key.ShouldBe($"{Id(body, "shippingCompanyId")}.{Id(body, "eventId")}");
        Ids.TryNumberOf(key, out var number).ShouldBeTrue();
        number.ShouldBe(4321);
        Ids.TryNumberOf("north.evt-other-0000004321", out _).ShouldBeFalse();
    }

    private static (string Head, string Body) Written(long number)
    {
        using var writer = Events.NewWriter();
        var request = new byte[Events.MaxLength];
        var text = Encoding.UTF8.GetString(request, 0, writer.Write(number, request));
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        return (text[..end], text[end..]);
    }

    private static string? Id(string body, string name) => JsonDocument.Parse(body).RootElement.GetProperty(name).GetString();
}
