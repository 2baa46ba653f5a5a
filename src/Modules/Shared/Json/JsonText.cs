using System.Text.Json;

namespace Gateway.Shared.Json;

/// <summary>
/// Reads JSON strings that may contain half of a surrogate pair as an escape, such as <c>\ud800</c>. JSON allows it, but it is
/// not text: <see cref="Utf8JsonReader"/> throws an <see cref="InvalidOperationException"/>.
/// </summary>
public static class JsonText
{
    /// <summary>Null where the string is not text.</summary>
    public static string? Read(ref Utf8JsonReader json)
    {
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>False where the string is not text.</summary>
    public static bool Equals(ref Utf8JsonReader json, ReadOnlySpan<byte> text)
    {
        try
        {
            return json.ValueTextEquals(text);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
