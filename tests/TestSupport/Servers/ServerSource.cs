using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using DotNet.Testcontainers.Builders;
using Xunit;

namespace Gateway.TestSupport.Servers;

/// <summary>
/// Where tests find a real server: an address in the environment, else a program of this machine as a child, else a container.
/// Without one the test is skipped. <c>GATEWAY_TEST_REQUIRE_SERVERS=1</c> makes the skip a failure;
/// <c>GATEWAY_TEST_NO_SERVERS=1</c> hides all servers and has priority.
/// </summary>
internal static class ServerSource
{
    /// <summary>Ends the reason of every test that is skipped because a server is missing.</summary>
    public const string NotFound = " was not found";

    private static readonly HashSet<int> Given = [];

    private static bool AreHidden => Environment.GetEnvironmentVariable("GATEWAY_TEST_NO_SERVERS") == "1";

    /// <summary>
    /// Every access of a test to a server or browser. xunit reports a skip inside a fixture's start as a failure of all its
    /// tests, on bare machines only; so an access from a fixture fails on every machine.
    /// </summary>
    public static Task<T> UseAsync<T>(string name, bool isHere, Func<Task<T>> use)
    {
        if (TestContext.Current.PipelineStage is > TestPipelineStage.Initialization and < TestPipelineStage.TestExecution)
        {
            throw new InvalidOperationException(
                $"{name} is started by a fixture, which cannot skip its tests. Start it when a test first asks for it.");
        }

        return isHere && !AreHidden ? use() : throw Missing(name);
    }

    public static async Task<T> FindAsync<T>(
        string name, string variable, Func<string, T> at, Func<Task<T>>? start, Func<Task<T>> contain)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } address) return at(address);
        if (start is not null) return await start();
        try
        {
            return await contain();
        }
        catch (DockerUnavailableException)
        {
            throw Missing(name);
        }
    }

    /// <summary>A program in one of the folders (the last part but one may hold a <c>*</c>), or on the PATH.</summary>
    public static string? Program(string name, params IEnumerable<string> folders)
        => !OperatingSystem.IsLinux() || AreHidden ? null : folders.SelectMany(Matching)
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>
    /// A free port of loopback below those that the kernel hands to clients (32768 and up): a client that connects to the
    /// port of a killed server from the same port is connected to itself, and the server cannot listen on it again.
    /// </summary>
    public static int FreePort()
    {
        lock (Given)
        {
            while (true)
            {
                var port = Random.Shared.Next(10_000, 30_000);
                if (IsFree(port) && Given.Add(port)) return port;
            }
        }
    }

    public static string NewFolder(string name) => Directory.CreateTempSubdirectory($"gateway-{name}-").FullName;

    public static async Task<bool> ListensAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Skips the test; the return type is for the compiler.</summary>
    [DoesNotReturn]
    private static Exception Missing(string name)
    {
        if (!AreHidden && Environment.GetEnvironmentVariable("GATEWAY_TEST_REQUIRE_SERVERS") == "1")
            throw new InvalidOperationException($"{name}{NotFound}, and GATEWAY_TEST_REQUIRE_SERVERS=1 demands it.");
        Assert.Skip(name + NotFound);
        throw new UnreachableException();
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Matching(string pattern)
    {
        if (pattern.Split('*') is not [var before, var after]) return [pattern];
        var parent = Path.GetDirectoryName(before)!;
        return !Directory.Exists(parent) ? [] : Directory.EnumerateDirectories(parent, Path.GetFileName(before) + "*")
            .OrderDescending().Select(folder => folder + after);
    }
}
