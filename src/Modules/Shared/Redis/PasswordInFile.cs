using Gateway.Shared.Options;
using StackExchange.Redis.Configuration;

namespace Gateway.Shared.Redis;

/// <summary>
/// The driver asks for the password whenever it connects, so a changed file is used without a restart. While the file cannot be
/// read, as in the middle of its replacement, the password of before is used.
/// </summary>
internal sealed class PasswordInFile(string path, string first) : DefaultOptionsProvider
{
    private volatile string _latest = first;

    public override string Password
    {
        get
        {
            try
            {
                if (Secret.TextIn(path) is { Length: > 0 } text) _latest = text;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                return _latest;
            }

            return _latest;
        }
    }
}
