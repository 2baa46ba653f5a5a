using Microsoft.Extensions.Options;

namespace Gateway.Shared.Operator;

/// <summary>The settings by name; <see cref="OperatorKeyReader"/> reads them, because files of keys are read again.</summary>
public sealed class OperatorOptions
{
    internal const string Section = "Gateway:Operator";

    /// <summary>The name of the key <see cref="ApiKey"/>, whose role is admin.</summary>
    public const string NameOfApiKey = "operator";

    /// <summary>One key for everything. Without any key: open on loopback in Development, 404 elsewhere.</summary>
    public string ApiKey { get; set; } = "";

    public string ApiKeyFile { get; set; } = "";

    /// <summary>Further keys by name.</summary>
    public Dictionary<string, OperatorKeyOptions> Keys { get; set; } = [];

    /// <summary>A JSON file with more of them, of the same form.</summary>
    public string KeysFile { get; set; } = "";
}

public sealed class OperatorKeyOptions
{
    public string Key { get; set; } = "";

    public string KeyFile { get; set; } = "";

    public OperatorRole Role { get; set; }
}

/// <summary>Reports the errors of the keys with those of all other settings.</summary>
internal sealed class OperatorKeysValidator(OperatorKeys keys) : IValidateOptions<OperatorOptions>
{
    public ValidateOptionsResult Validate(string? name, OperatorOptions options)
        => keys.Errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(keys.Errors);
}

/// <summary>The secrets that senders have: an operator's key must not be one of them.</summary>
public interface ISenderSecrets
{
    /// <summary>The source with this secret; null where none has it.</summary>
    /// <param name="hash">SHA-256 of the text.</param>
    string? OwnerOf(ReadOnlySpan<byte> hash);
}
