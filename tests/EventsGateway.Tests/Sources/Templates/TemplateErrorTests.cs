using Gateway.EventsGateway.Sources.Templates;

namespace Gateway.EventsGateway.Tests.Sources.Templates;

public sealed class TemplateErrorTests
{
    private const string Request = "$.path, header.NAME, query.NAME, route.NAME";
    private const string Id = Request + ", digest";
    private const string BraceOfText = "); a brace of text is written {{";
    private const string NeitherNor = "is neither an index, nor [-1] for the last element, nor a name in quotes";

    private static readonly Dictionary<string, TemplatePlace> Places = new()
    {
        ["Id"] = TemplatePlace.Id,
        ["Field"] = TemplatePlace.Field,
        ["Take"] = TemplatePlace.Take,
        ["Content"] = TemplatePlace.Content,
        ["Signature"] = TemplatePlace.Signature,
        ["Timestamp"] = TemplatePlace.Timestamp,
        ["Handshake"] = TemplatePlace.Handshake,
        ["HandshakeAnswer"] = TemplatePlace.HandshakeAnswer,
        ["OccurredAt"] = TemplatePlace.OccurredAt,
        ["Answer"] = TemplatePlace.Answer,
    };

    [Theory]
    [InlineData("Id", "{$.a", "{$.a has no closing brace after $.a")]
    [InlineData("Id", "{$.a b}", "{$.a b} has no closing brace after $.a")]
    [InlineData("Id", "{header.X-Id ?? }", "{} is no reference (here: " + Id + BraceOfText)]
    [InlineData("Id", "{foo}", "{foo} is no reference (here: " + Id + BraceOfText)]
    [InlineData("Id", "{Header.X}", "{Header.X} is no reference (here: " + Id + BraceOfText)]
    [InlineData("Id", "{none}", "{none} is no reference (here: " + Id + BraceOfText)]
    [InlineData("Id", "{header}", "{header} is no reference: it is written header.NAME")]
    [InlineData("Id", "{header.}", "{header.} is no reference: it is written header.NAME")]
    [InlineData("Id", "{digest.x}", "{digest.x} is no reference: it is written digest")]
    [InlineData("Id", "{received}", "received cannot stand here (here: $.path, header.NAME, query.NAME, route.NAME, digest)")]
    [InlineData("Id", "{secret}", "secret cannot stand here (here: $.path, header.NAME, query.NAME, route.NAME, digest)")]
    [InlineData("Id", "$.a[*]", "$.a[*] names many values: [*] stands in Each only")]
    [InlineData("Id", "{$.a[*].b}", "$.a[*].b names many values: [*] stands in Each only")]
    [InlineData("Field", "{digest}", "digest cannot stand here (here: $.path, header.NAME, query.NAME, route.NAME)")]
    [InlineData("Take", "^.a", "^.a cannot stand here: here paths begin with $, the body")]
    [InlineData("Content", "{$.a ?? $.b}", "{$.a ?? $.b} cannot have ?? here: every part is required")]
    [InlineData("Content", "{body}.{$.a?}", "{$.a?} cannot have ? here: every part is required")]
    [InlineData("Content", "{query.a}",
        "query.a cannot stand here (here: $.path, header.NAME, pair.NAME, body, secret, timestamp)")]
    [InlineData("Content", "{$$.a}", "$$.a cannot stand here: here paths begin with $, the body")]
    [InlineData("Signature", "token", "'token' must be one reference without text around it: " + Request)]
    [InlineData("Signature", "{header.A}{header.B}",
        "'{header.A}{header.B}' must be one reference without text around it: $.path, header.NAME, query.NAME, route.NAME")]
    [InlineData("Signature", "{header.A ?? header.B}", "{header.A ?? header.B} cannot have ?? here: every part is required")]
    [InlineData("Signature", "", "'' must be one reference without text around it: $.path, header.NAME, query.NAME, route.NAME")]
    [InlineData("Handshake", "{header.A}", "header.A cannot stand here (here: $.path, body)")]
    [InlineData("HandshakeAnswer", "{header.A}", "header.A cannot stand here (here: $.path, query.NAME)")]
    [InlineData("Id", "$.a-b", "$.a-b is no path: this name is written ['a-b']")]
    [InlineData("Id", "$.17track", "$.17track is no path: this name is written ['17track']")]
    [InlineData("Id", "$.*", "$.* is no path: all elements are written [*], and in Each only")]
    [InlineData("Id", "$.a..b", "$.a. is no path: a name is missing after the dot")]
    [InlineData("Id", "$.a[", "$.a[ is no path: the bracket is never closed")]
    [InlineData("Id", "$.a['b]", "$.a['b] is no path: the bracket is never closed")]
    [InlineData("Id", "$.a[-2]", "$.a[-2] is no path: [-2] " + NeitherNor)]
    [InlineData("Id", "$.a[01]", "$.a[01] is no path: [01] " + NeitherNor)]
    [InlineData("Id", "$.a['\\x']", "$.a['\\x'] is no path: ['\\x'] " + NeitherNor)]
    [InlineData("Id", "$.a[?(@.x)]", "$.a[?(@.x)] is no path: [?(@.x)] " + NeitherNor)]
    [InlineData("Id", "$.a b", "$.a b is no path: ' b' cannot follow $.a")]
    public void Error_is_one_line_that_names_the_cure(string place, string text, string expected)
    {
        Template.TryParse(text, Places[place], out var template, out var error).ShouldBeFalse();

        template.ShouldBeNull();
        error.ShouldBe(expected);
    }

    [Theory]
    [InlineData("Content", "{timestamp}.{body}/{secret}{pair.t}{header.webhook-id}{$.timestamp}",
        "timestamp body secret pair.t header.webhook-id $.timestamp")]
    [InlineData("Id", "{$.a?}|{$$.b ?? ^.c ?? ^^.d[0]}|{digest}", "$.a $$.b ^.c ^^.d[0] digest")]
    [InlineData("OccurredAt", "{$.a??received}", "$.a received")]
    [InlineData("Id", "$['a-b'][\"c\"][-1]", "$['a-b'][\"c\"][-1]")]
    [InlineData("Id", "{$}", "$")]
    [InlineData("Timestamp", "{pair.t}", "pair.t")]
    [InlineData("Handshake", "{body}", "body")]
    [InlineData("Answer", "{\"id\":\"{id}\",\"code\":{query.hub.challenge}}", "id query.hub.challenge")]
    [InlineData("Answer", "", "")]
    [InlineData("Id", "$ 5 {{$.a} {1}", "")]
    public void References_are_listed_as_written(string place, string text, string expected)
    {
        Template.TryParse(text, Places[place], out var template, out var error).ShouldBeTrue(error);

        string.Join(' ', template.References).ShouldBe(expected);
        template.ToString().ShouldBe(text);
    }
}
