using System.Text;
using System.Text.RegularExpressions;
using Gateway.EventsGateway.Sources.Settings;
using Gateway.EventsGateway.Sources.Verification;

namespace Gateway.EventsGateway.Sources.Configuration;

/// <summary>
/// Reads the secrets of a source. No line contains a value, nor the name of a variable or file, which may be the secret itself,
/// given by mistake.
/// </summary>
internal sealed partial class SecretReader(FileSnapshot files, Action<string> warn)
{
    private const int MaxSecrets = 4;
    private const int MinBytes = 16;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public IReadOnlyList<SourceSecret> Read(SettingsReader source, VerifyScheme scheme, KeyForm form)
    {
        var entries = source.Children("Secrets");
        if (entries.Count == 0) source.Error("Secrets", "is required: a list of { Id, and one of Value, FromEnv, FromFile }");
        if (entries.Count > MaxSecrets) source.Error("Secrets", $"has {entries.Count} entries; at most {MaxSecrets} are allowed");
        var secrets = new List<SourceSecret>();
        foreach (var entry in entries)
        {
            if (ReadEntry(entry, scheme, form) is not { } secret) continue;
            if (secrets.Exists(one => one.Id == secret.Id))
                entry.Error("Id", $"is '{secret.Id}' again; give each secret its own");
            if (secrets.Exists(one => one.Text == secret.Text))
                entry.Error($"{entry.Path} is the secret of another entry; remove one");
            secrets.Add(secret);
        }

        return secrets;
    }

    private SourceSecret? ReadEntry(SettingsReader entry, VerifyScheme scheme, KeyForm form)
    {
        var id = entry.Required("Id", "a name for the secret, such as 2026");
        if (id is not null && !IdForm().IsMatch(id))
        {
            // Not repeated: it may be the secret.
            entry.Error("Id", "must have at most 64 letters, digits and . _ -");
            id = null;
        }

        var (expiresAt, keyId) = (entry.Time("ExpiresAt"), entry.Text("KeyId"));
        var text = TextOf(entry);
        entry.Close();
        if (text is null || id is null) return null;
        var secret = SourceSecret.Create(id, text, expiresAt, scheme, form, out var error, keyId);
        if (error is not null) entry.Error($"{entry.Path} {error}");
        if (Encoding.UTF8.GetByteCount(text) < MinBytes) warn($"{entry.Path} has less than {MinBytes} bytes and can be guessed");
        return secret;
    }

    private string? TextOf(SettingsReader entry)
    {
        string[] keys = ["Value", "FromEnv", "FromFile"];
        (string Key, string? Text)[] given = [.. keys.Select(key => (key, entry.Text(key))).Where(one => one.Item2 is not null)];
        if (given.Length != 1)
        {
            entry.Error($"{entry.Path} needs exactly one of Value, FromEnv and FromFile, and has {given.Length}");
            return null;
        }

        var (key, text) = given[0];
        var value = key switch
        {
            "FromEnv" => Environment.GetEnvironmentVariable(text!),
            "FromFile" => ContentOf(text!),
            _ => text,
        };
        if (string.IsNullOrEmpty(value))
        {
            entry.Error(key, key switch
            {
                "FromEnv" => "names a variable that is not set; set it for this process",
                "FromFile" => "names a file that is empty, is no UTF-8 or cannot be read; is the path right?",
                _ => "is empty; write the secret, or use FromEnv or FromFile",
            });
            return null;
        }

        if (!IsMark(value[0]) && !IsMark(value[^1])) return value;
        entry.Error(key, "begins or ends with white space, a control character or a quote, which would be a part of the secret");
        return null;
    }

    /// <summary>Without one final line break and without a byte order mark.</summary>
    private string? ContentOf(string path)
    {
        try
        {
            if (files.Read(path) is not { } bytes) return null;
            var text = Utf8.GetString(bytes).TrimStart('\uFEFF');
            return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static bool IsMark(char sign) => char.IsWhiteSpace(sign) || char.IsControl(sign) || sign is '"' or '\'' or '`';

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex IdForm();
}
