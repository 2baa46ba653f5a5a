using Gateway.EventsGateway.Sources.Mapping;
using Gateway.EventsGateway.Sources.Settings;
using Gateway.EventsGateway.Sources.Templates;

namespace Gateway.EventsGateway.Sources.Configuration;

/// <summary>Reads answers, and the handshakes that have one of their own.</summary>
internal static class AnswerReader
{
    private const int MaxBody = 1000;
    private const string Accepted = """{"status":"accepted"}""";

    public static SourceAnswer Read(SettingsReader answer, TemplatePlace place)
    {
        var status = answer.Choice("Status", 200, ("200", 200), ("202", 202), ("204", 204));
        var isText = answer.Choice("ContentType", false, ("application/json", false), ("text/plain", true));
        var text = answer.Text("Body");
        if (status == 204 && text is not null) answer.Error("Body", "cannot be sent with 204; remove it, or set Status to 200");
        text ??= isText || status == 204 ? "" : Accepted;
        if (text.Length > MaxBody) answer.Error("Body", $"has {text.Length} characters; at most {MaxBody} are allowed");
        if (!Template.TryParse(text, place, out var body, out var error)) answer.Error("Body", $"is wrong: {error}");
        answer.Close();
        return new SourceAnswer(status, status == 204 ? null : body, isText ? "text/plain" : "application/json");
    }

    public static IReadOnlyList<Handshake> Handshakes(SettingsReader source)
        => [.. source.Children("Handshakes").Select(Handshake).OfType<Handshake>()];

    private static Handshake? Handshake(SettingsReader handshake)
    {
        var when = handshake.Child("When");
        var query = when.Text("Query");
        var body = when.Has("Body") ? when.Child("Body") : null;
        Template? value = null;
        var texts = new TextTable<bool>();
        if (body is not null)
        {
            var text = body.Required("Value", "a path of the body, or {body}");
            if (text is not null && !Template.TryParse(text, TemplatePlace.Handshake, out value, out var error))
                body.Error("Value", $"is wrong: {error}");
            var written = body.Texts("Is");
            if (written.Count == 0) body.Error("Is", "is required: a list of texts, with * at the end for a beginning");
            foreach (var one in written) texts.TryAdd(one, true);
            body.Close();
        }

        when.Close();
        var answer = Read(handshake.Child("Answer"), TemplatePlace.HandshakeAnswer);
        handshake.Close();
        if (string.IsNullOrEmpty(query) == value is null)
        {
            if (body is null || !string.IsNullOrEmpty(query))
                handshake.Error($"{handshake.Name("When")} needs either Query or Body");
            return null;
        }

        return new Handshake(query, value, texts, answer);
    }
}
