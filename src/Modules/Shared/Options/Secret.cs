using System.ComponentModel;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Gateway.Shared.Options;

/// <summary>
/// A setting whose value no line shows: <c>Secret</c>, or the content of the file that <c>SecretFile</c> names, which wins.
/// A value with a line break or a quote at an end comes from a file or an editor and matches no other copy of the secret: it
/// stops the start. A dictionary has a secret, or a file, per key.
/// </summary>
internal sealed class Secret(IConfigurationSection section, PropertyInfo setting, PropertyInfo file)
{
    public const string FileSuffix = "File";

    private readonly List<string> _errors = [];

    /// <summary>One line each, without the value.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>The property with the file of this one; null where this one is no secret.</summary>
    public static PropertyInfo? FileOf(PropertyInfo setting) => setting.DeclaringType!.GetProperty(setting.Name + FileSuffix);

    /// <summary>The value as the type of the property; null where none is set, or it cannot be read.</summary>
    public object? Read()
    {
        var (values, files) = (section.GetSection(setting.Name), section.GetSection(file.Name));
        if (setting.PropertyType != typeof(Dictionary<string, string>)) return Converted(TextOf(values, files), values.Path);
        return values.GetChildren().Concat(files.GetChildren()).Select(child => child.Key)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(key => (Key: key, Text: TextOf(values.GetSection(key), files.GetSection(key))))
            .Where(one => one.Text is not null).ToDictionary(one => one.Key, one => one.Text!, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The content of a file without one line break at its end.</summary>
    public static string TextIn(string path)
    {
        var text = File.ReadAllText(path);
        return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
    }

    private string? TextOf(IConfigurationSection value, IConfigurationSection named)
    {
        var isFile = !string.IsNullOrEmpty(named.Value);
        var text = isFile ? ContentOf(named) : value.Value;
        if (string.IsNullOrEmpty(text)) return null;
        if (IsMark(text[0]) || IsMark(text[^1]))
        {
            _errors.Add(
                $"{(isFile ? named : value).Path}: begins or ends with white space, a control character or a quote, "
                + "which would be a part of the secret");
        }

        return text;
    }

    private static bool IsMark(char sign) => char.IsWhiteSpace(sign) || char.IsControl(sign) || sign is '"' or '\'' or '`';

    /// <summary>Without the name of the file: it may be the secret itself, given by mistake.</summary>
    private string? ContentOf(IConfigurationSection named)
    {
        try
        {
            var text = TextIn(named.Value!);
            if (text.Length == 0) _errors.Add($"{named.Path}: names an empty file");
            return text;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            var why = fault is UnauthorizedAccessException ? "may not be read" : "cannot be read: is the path right?";
            _errors.Add($"{named.Path}: names a file that {why}");
            return null;
        }
    }

    private object? Converted(string? text, string path)
    {
        if (text is null || setting.PropertyType == typeof(string)) return text;
        // The line above says what to change.
        if (_errors.Count > 0) return null;
        try
        {
            return TypeDescriptor.GetConverter(setting.PropertyType).ConvertFromInvariantString(text);
        }
        catch (FormatException)
        {
            _errors.Add($"{path}: is not an address; in user and password, signs such as @ and / are written as %40 and %2F");
            return null;
        }
    }
}
