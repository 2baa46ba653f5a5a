using System.ComponentModel.DataAnnotations;

namespace Gateway.Shared.Operator;

public sealed class OperatorOptions
{
    public const string Section = "Gateway:Operator";

    /// <summary>The key that operators send as <c>X-Api-Key</c>. Empty: open on loopback in Development, 404 elsewhere.</summary>
    [RegularExpression(".{16,}", ErrorMessage = "must have at least 16 characters, or be empty")]
    public string ApiKey { get; set; } = "";

    /// <summary>A file with the key.</summary>
    public string ApiKeyFile { get; set; } = "";
}
