using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Shared.Options;
using Microsoft.Extensions.Configuration;

namespace Gateway.Shared.Operator;

/// <summary>Reads all keys from the configuration and from files as they are now. No line contains a key.</summary>
internal sealed partial class OperatorKeyReader(IConfiguration configuration, IEnumerable<ISenderSecrets> senders)
{
    private const int MinCharacters = 16;
    private const int MinDifferent = 8;
    private const string KeysFilePath = $"{OperatorOptions.Section}:{nameof(OperatorOptions.KeysFile)}";

    private readonly IConfigurationSection _section = configuration.GetSection(OperatorOptions.Section);

    /// <summary>Whether something can change while the process runs.</summary>
    public bool HasFiles => _section.AsEnumerable().Any(one =>
        one.Key.EndsWith(Secret.FileSuffix, StringComparison.OrdinalIgnoreCase) && !string.IsNullOrEmpty(one.Value));

    public (IReadOnlyList<OperatorKey> Keys, IReadOnlyList<string> Errors) Read()
    {
        var (keys, errors) = (new List<OperatorKey>(), new List<string>());
        errors.AddRange(UnknownIn<OperatorOptions>(_section));
        var single = SecretOf<OperatorOptions>(_section, nameof(OperatorOptions.ApiKey), errors);
        if (single is not null)
            Add(keys, errors, $"{_section.Path}:ApiKey", OperatorOptions.NameOfApiKey, OperatorRole.Admin, single);
        foreach (var key in _section.GetSection("Keys").GetChildren()) ReadKey(key, keys, errors);
        ReadFile(keys, errors);
        return (keys, errors);
    }

    private void ReadFile(List<OperatorKey> keys, List<string> errors)
    {
        if (_section[nameof(OperatorOptions.KeysFile)] is not { Length: > 0 } path) return;
        var found = new List<string>();
        try
        {
            using var content = new MemoryStream(File.ReadAllBytes(path));
            var before = keys.Count;
            foreach (var key in new ConfigurationBuilder().AddJsonStream(content).Build().GetChildren())
                ReadKey(key, keys, found);
            if (keys.Count == before && found.Count == 0) found.Add("the file names no key");
        }
        catch (Exception fault) when (fault is FormatException or JsonException)
        {
            found.Add("the file is no JSON object with a key per name");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            found.Add("the file cannot be read; is the path right?");
        }

        errors.AddRange(found.Select(error => $"{KeysFilePath}: {error}"));
    }

    private void ReadKey(IConfigurationSection section, List<OperatorKey> keys, List<string> errors)
    {
        var name = section.Key;
        // Not repeated: it may be the key, given by mistake.
        if (!NameForm().IsMatch(name)) errors.Add("a name of a key must have at most 64 letters, digits and . _ -");
        errors.AddRange(UnknownIn<OperatorKeyOptions>(section));
        var before = errors.Count;
        var key = SecretOf<OperatorKeyOptions>(section, nameof(OperatorKeyOptions.Key), errors);
        if (key is null && errors.Count == before) errors.Add($"{section.Path}:Key: is not set; set Key or KeyFile");
        if (!Enum.TryParse<OperatorRole>(section["Role"], ignoreCase: true, out var role) || !Enum.IsDefined(role))
            errors.Add($"{section.Path}:Role: must be read, operate or admin");
        if (key is not null) Add(keys, errors, $"{section.Path}:Key", name, role, key);
    }

    private void Add(List<OperatorKey> keys, List<string> errors, string path, string name, OperatorRole role, string text)
    {
        var key = new OperatorKey(name, role, text);
        var owner = senders.Select(sender => sender.OwnerOf(key.Hash)).FirstOrDefault(owner => owner is not null);
        var other = keys.Find(one => one.Hash.SequenceEqual(key.Hash));
        var error = text switch
        {
            _ when text.Length < MinCharacters => $"must have at least {MinCharacters} characters, or be empty",
            _ when text.Distinct().Count() < MinDifferent
                => $"has less than {MinDifferent} different characters and can be guessed",
            _ when PublishedSecrets.Contains(text) => "is a published example; choose a key of your own",
            _ when owner is not null => $"is also a secret of the source {owner}; give operators a key of their own",
            _ when other is not null => $"is also the key of {other.Name}; give each name its own",
            _ when keys.Exists(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                => $"has the name {name}, which another key has",
            _ => null,
        };
        if (error is null) keys.Add(key);
        else errors.Add($"{path}: {error}");
    }

    private static string? SecretOf<T>(IConfigurationSection section, string name, List<string> errors)
    {
        PropertyInfo Property(string property) => typeof(T).GetProperty(property)!;
        var secret = new Secret(section, Property(name), Property(name + Secret.FileSuffix));
        var text = (string?)secret.Read();
        errors.AddRange(secret.Errors);
        return secret.Errors.Count == 0 ? text : null;
    }

    private static IEnumerable<string> UnknownIn<T>(IConfigurationSection section)
        => from child in section.GetChildren()
           where !typeof(T).GetProperties().Any(known => known.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase))
           select $"{child.Path}: is not a known key";

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex NameForm();
}
