namespace Gateway.LoadTest.Counting;

/// <summary>Stands where a status would: no HTTP status is below 100.</summary>
internal static class NoAnswer
{
    public const int TimedOut = 1;
    public const int Broken = 2;
    public const int Unreadable = 3;
    public const int NotConnected = 4;

    public static string NameOf(int status) => status switch
    {
        TimedOut => "no answer in time",
        Broken => "connection lost",
        Unreadable => "not HTTP",
        NotConnected => "no connection",
        _ => $"{status}",
    };

    /// <summary>The event may have got in: allowed, but not required, to exist.</summary>
    public static bool IsUnknown(int status) => status is TimedOut or Broken or NotConnected or 503;

    public static bool IsPromise(int status) => status == 202;

    /// <summary>Neither a promise nor an honest "don't know": the run has failed.</summary>
    public static bool IsUnexpected(int status) => !IsPromise(status) && !IsUnknown(status);
}
