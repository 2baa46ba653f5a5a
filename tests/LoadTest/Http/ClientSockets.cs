namespace Gateway.LoadTest.Http;

/// <summary>
/// One thread waits for all sockets and goes on where each had stopped, as wrk does. Measured with 100 connections on 2 cores
/// shared with a bare endpoint: wrk (unsigned, one thread) 78,000-89,000/s; this client, signing, 62,000-63,000/s at 7.5 µs of
/// processor
/// time a request; the same with completions on the thread pool 50,000-59,000/s at p99 9 ms instead of 5; HttpClient,
/// unsigned, 49,000-60,000/s at 9-11 µs. A second thread for sockets wins nothing and takes more from the server.
/// </summary>
internal static class ClientSockets
{
    /// <summary>Before the first socket: the runtime reads these once.</summary>
    public static void Configure()
    {
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "1");
    }
}
