using System.Text;

namespace Gateway.Shared.Http;

/// <summary>
/// The server reads header bytes as Latin-1, which takes every byte (obs-text, RFC 9110). Many clients send UTF-8: what is valid
/// UTF-8 is read as such.
/// </summary>
public static class HeaderText
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Of(string latin1)
    {
        if (Ascii.IsValid(latin1)) return latin1;
        try
        {
            return Utf8.GetString(Encoding.Latin1.GetBytes(latin1));
        }
        catch (DecoderFallbackException)
        {
            return latin1;
        }
    }
}
