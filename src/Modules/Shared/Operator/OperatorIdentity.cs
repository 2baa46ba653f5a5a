using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Shared.Operator;

/// <summary>Who asks, as the audit record tells it. The name is what somebody said; only the key behind it is proven.</summary>
/// <param name="Name">What the operator calls himself.</param>
/// <param name="Kind">One of the constants: how the request was let in.</param>
public sealed record OperatorIdentity(string Name, string Kind)
{
    /// <summary>By <c>X-Api-Key</c>.</summary>
    public const string Key = "key";

    /// <summary>By the cookie of a login.</summary>
    public const string Console = "console";

    /// <summary>By nothing: Development without a key, on loopback.</summary>
    public const string Developer = "developer";

    public const int MaxNameLength = 64;

    /// <summary>A name stands in logs and on pages: one line, and nothing in it that cannot be seen.</summary>
    public static bool IsName(string? text)
        => text is { Length: > 0 and <= MaxNameLength } && !string.IsNullOrWhiteSpace(text) && text.EnumerateRunes().All(IsPrintable);

    private static bool IsPrintable(Rune rune)
        => rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is not (
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}

public static class OperatorOfRequest
{
    /// <summary>Of a request that <see cref="OperatorOnlyAttribute"/> has let pass.</summary>
    public static OperatorIdentity Operator(this HttpContext http) => http.Features.GetRequiredFeature<OperatorIdentity>();
}
