namespace Gateway.TestSupport;

/// <summary>For the web servers that tests build themselves.</summary>
public static class WebServers
{
    /// <summary>
    /// Linux gives a user 128 inotify instances, and each watcher of settings takes one: with all test projects at once a server
    /// could not be built.
    /// </summary>
    public static readonly string[] WithoutWatchers = ["--hostBuilder:reloadConfigOnChange=false"];
}
