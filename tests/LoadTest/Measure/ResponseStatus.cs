namespace Gateway.LoadTest.Measure;

/// <summary>The HTTP status of a response or, below 100, the reason for the missing response.</summary>
internal static class ResponseStatus
{
    public const int TimedOut = 1;
    public const int ConnectionLost = 2;
    public const int InvalidResponse = 3;
    public const int ConnectFailed = 4;

    /// <summary>A success, but not the one of the request's source.</summary>
    public const int OtherSuccess = 5;

    public static string NameOf(int status) => status switch
    {
        TimedOut => "timed out",
        ConnectionLost => "connection lost",
        InvalidResponse => "invalid response",
        ConnectFailed => "connect failed",
        OtherSuccess => "success of another status",
        _ => $"{status}",
    };

    /// <summary>The gateway may have stored the event or not; both are correct.</summary>
    public static bool IsUnknown(int status) => status is TimedOut or ConnectionLost or ConnectFailed or 503;

    /// <summary>The successes that a source can answer; see <see cref="OtherSuccess"/>.</summary>
    public static bool IsAccepted(int status) => status is 200 or 202 or 204;

    /// <summary>Neither accepted nor unknown: the run fails.</summary>
    public static bool IsUnexpected(int status) => !IsAccepted(status) && !IsUnknown(status);
}
