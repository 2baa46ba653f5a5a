using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Shared.Operator;

/// <summary>The operator of a request, for the audit log. The name is as given; only the key is verified.</summary>
/// <param name="Name">The name that the operator gave.</param>
/// <param name="Kind">How the request was authenticated: one of the constants.</param>
public sealed record OperatorIdentity(string Name, string Kind)
{
    /// <summary><c>X-Api-Key</c>.</summary>
    public const string Key = "key";

    /// <summary>The cookie of a login.</summary>
    public const string Console = "console";

    /// <summary>No authentication: Development without a key, on loopback.</summary>
    public const string Developer = "developer";

    public const int MaxNameLength = 64;

    /// <summary>Logs and pages show the name, so it is one line of printable characters.</summary>
    public static bool IsName(string? text)
        => text is { Length: > 0 and <= MaxNameLength } && !string.IsNullOrWhiteSpace(text)
            && text.EnumerateRunes().All(IsPrintable);

    private static bool IsPrintable(Rune rune)
        => rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is not (
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}

public static class OperatorOfRequest
{
    /// <summary>The operator of a request that <see cref="OperatorOnlyAttribute"/> has authenticated.</summary>
    public static OperatorIdentity Operator(this HttpContext http) => http.Features.GetRequiredFeature<OperatorIdentity>();
}
