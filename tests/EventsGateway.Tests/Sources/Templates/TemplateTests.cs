using System.Text;
using Gateway.EventsGateway.Sources.Bodies;
using Gateway.EventsGateway.Sources.Templates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.EventsGateway.Tests.Sources.Templates;

public sealed class TemplateTests
{
    private const string Json = """
        {"a":"A","b":"B","empty":"","blank":" \t","nobreak":"\u00a0","null":null,"object":{"x":1},"array":[1,2,"last"],"no":[],
        "lone":"\ud83d","pair":"\ud83d\ude00","text":"x\"y","yes":true,"not":false,
        "long":229255084490768384,"huge":1e400,"float":1.50,"a-b":"dash","":"unnamed","zwölf":12,
        "twice":{"x":1,"y":2},"twice":{"y":3},"none":"some","none":null,"\u006eamed":"escaped"}
        """;

    [Theory]
    [InlineData("$.a", "A")]
    [InlineData("{$.a}", "A")]
    [InlineData("{$.a}|{$.b}", "A|B")]
    [InlineData("a {{x} }{ {{$.a} {1} {", "a {x} }{ {$.a} {1} {")]
    [InlineData("{$.text}", "x\"y")]
    [InlineData("{$.pair}", "\ud83d\ude00")]
    [InlineData("{$.yes}/{$.not}", "true/false")]
    [InlineData("{$.long}", "229255084490768384")]
    [InlineData("{$.huge}", "1e400")]
    [InlineData("{$.float}", "1.50")]
    [InlineData("$['a-b']", "dash")]
    [InlineData("$[\"\"]", "unnamed")]
    [InlineData("$.zwölf", "12")]
    [InlineData("$.array[0]", "1")]
    [InlineData("$.array[-1]", "last")]
    [InlineData("$.array[3]", null)]
    [InlineData("$.no[-1]", null)]
    [InlineData("$.a[0]", null)]
    [InlineData("$.a.x", null)]
    [InlineData("$.object.x", "1")]
    [InlineData("$.object", null)]
    [InlineData("$.array", null)]
    [InlineData("{$}", null)]
    [InlineData("$.absent", null)]
    [InlineData("$.null", null)]
    [InlineData("$.empty", null)]
    [InlineData("$.blank", null)]
    [InlineData("$.nobreak", null)]
    [InlineData("$.lone", null)]
    [InlineData("$.twice.y", "3")]
    [InlineData("$.twice.x", null)]
    [InlineData("$.none", null)]
    [InlineData("$.named", "escaped")]
    [InlineData("{$.a}{$.absent}", null)]
    [InlineData("{$.a}{$.absent?}", "A")]
    [InlineData("{$.absent?}", "")]
    [InlineData("{$.absent ?? $.b}", "B")]
    [InlineData("{$.absent ?? $.null}", null)]
    [InlineData("{$.absent ?? $.null?}.", ".")]
    [InlineData("{header.x-id}", "h1")]
    [InlineData("{header.X-ID}", "h1")]
    [InlineData("{header.twice}", null)]
    [InlineData("{header.blank}", null)]
    [InlineData("{header.lone}", null)]
    [InlineData("{header.absent ?? query.q}", "q1")]
    [InlineData("{query.Q}", null)]
    [InlineData("{query.two}", null)]
    [InlineData("{query.hub.mode}", "sub")]
    [InlineData("{route.token}", "a/b")]
    [InlineData("{digest}", "d1")]
    public void Value_is_rendered_or_missing(string text, string? expected)
        => Render(text, TemplatePlace.Id, Values(text, TemplatePlace.Id)).ShouldBe(expected);

    [Theory]
    [InlineData("{body}", "[]")]
    [InlineData("{timestamp}.{pair.t}.{body}/{secret}", "12.5.[]/s")]
    [InlineData("{pair.absent}", null)]
    public void Content_is_the_bytes_as_they_were_sent(string text, string? expected)
    {
        var values = new TemplateValues
        {
            Request = new RequestValues(new HeaderDictionary(), new QueryCollection(), new Dictionary<string, string>())
            {
                Pairs = new Dictionary<string, string> { ["t"] = "5" },
                Timestamp = "12",
            },
            Body = "[]"u8.ToArray(),
            Secret = "s"u8.ToArray(),
        };

        Render(text, TemplatePlace.Content, values).ShouldBe(expected);
    }

    [Fact]
    public void Empty_secret_is_not_missing()
    {
        var values = Values("", TemplatePlace.Content) with { Secret = Array.Empty<byte>() };

        Render("{header.x-id}{secret}", TemplatePlace.Content, values).ShouldBe("h1");
    }

    [Theory]
    [InlineData("abcXYZ019._~+/=:-", "abcXYZ019._~+/=:-")]
    [InlineData("<script>", "")]
    [InlineData("a b", "")]
    [InlineData("\"", "")]
    [InlineData("é", "")]
    public void Answer_echoes_harmless_values_alone(string sent, string expected)
    {
        var query = new QueryCollection(new Dictionary<string, StringValues> { ["check"] = sent });
        var request = new RequestValues(new HeaderDictionary(), query, new Dictionary<string, string>());
        var values = new TemplateValues { Request = request };

        Render("{\"ok\":\"{query.check}\"}", TemplatePlace.Answer, values).ShouldBe($"{{\"ok\":\"{expected}\"}}");
        Render("{query.check}", TemplatePlace.HandshakeAnswer, values).ShouldBe(expected.Length > 0 ? expected : null);
    }

    [Theory]
    [InlineData(256, 256)]
    [InlineData(257, 0)]
    public void Answer_echoes_at_most_256_characters(int sent, int expected)
    {
        var headers = new HeaderDictionary { ["x"] = new string('a', sent) };
        var request = new RequestValues(headers, new QueryCollection(), new Dictionary<string, string>());
        var values = new TemplateValues { Request = request };

        Render("{header.x}", TemplatePlace.Answer, values)!.Length.ShouldBe(expected);
    }

    [Fact]
    public void First_missing_part_is_told_as_written()
    {
        Template.TryParse("{$.a}{$.absent ?? header.absent}{$.no}", TemplatePlace.Id, out var template, out _).ShouldBeTrue();

        template.Render(ValuesOf(template), out var missing).ShouldBeNull();

        missing.ShouldBe("$.absent ?? header.absent");
    }

    private static string? Render(string text, TemplatePlace place, TemplateValues values)
    {
        Template.TryParse(text, place, out var template, out var error).ShouldBeTrue(error);
        var json = ValuesOf(template).Json;
        return template.Render(values with { Json = json });
    }

    private static TemplateValues Values(string text, TemplatePlace place)
        => Template.TryParse(text, place, out var template, out var error)
            ? ValuesOf(template)
            : throw new InvalidOperationException(error);

    private static TemplateValues ValuesOf(Template template)
    {
        var body = Encoding.UTF8.GetBytes(Json);
        new BodyPlan(template.Paths).TryRead(body, out var values, out var error).ShouldBeTrue(error);
        return new TemplateValues { Request = Request(), Body = body, Json = values, Digest = "d1" };
    }

    private static RequestValues Request() => new(
        new HeaderDictionary
        {
            ["X-Id"] = "h1",
            ["twice"] = new(["1", "2"]),
            ["blank"] = " ",
            ["lone"] = "\ud800",
        },
        new QueryCollection(new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase)
        {
            ["q"] = "q1",
            ["two"] = new(["1", "2"]),
            ["hub.mode"] = "sub",
        }),
        new Dictionary<string, string> { ["token"] = "a/b" });
}
