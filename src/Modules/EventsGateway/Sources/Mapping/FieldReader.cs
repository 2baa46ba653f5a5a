using System.Security.Cryptography;
using System.Text;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Sources.Templates;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Sources.Mapping;

/// <summary>Reads the fields of one item and collects what is missing or wrong.</summary>
internal ref struct FieldReader(TemplateValues values)
{
    private readonly TemplateValues _values = values;

    public string? Unmapped { get; private set; }

    public string? Text(MappingField field)
    {
        var text = field.Template.Render(_values, out var missing);
        if (text is null) Add(field, $"{missing} is missing");
        return text;
    }

    public string? Checked(MappingField field)
    {
        var text = Text(field);
        if (text is not null && FieldRules.ValidateId(text) is { } error) Add(field, error);
        return text;
    }

    /// <summary>An id that is too long is replaced by its hash: the sender cannot be told to shorten it.</summary>
    public string? Id(MappingField field)
    {
        var text = Text(field);
        if (text is null || FieldRules.ValidateId(text) is not { } error) return text;
        if (error != FieldRules.TooLong) Add(field, error);
        return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    public DateTimeOffset Time(MappingField field, TimeReader times, bool isEnd, out DateTimeOffset? last)
    {
        last = null;
        if (Text(field) is not { } text) return default;
        var isReceived = text == _values.Received;
        var time = isReceived ? IsoTime.Parse(text) : times.Read(text);
        if (isEnd && !isReceived) last = times.ReadLast(text);
        if (time is null) Add(field, $"'{(text.Length > 64 ? text[..64] + "…" : text)}' is no time of the configured format");
        return time ?? default;
    }

    private void Add(MappingField field, string what)
        => Unmapped = Unmapped is null ? $"{field.Name}: {what}" : $"{Unmapped}; {field.Name}: {what}";
}
