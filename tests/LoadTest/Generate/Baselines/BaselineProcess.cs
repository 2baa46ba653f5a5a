using System.Diagnostics;

namespace Gateway.LoadTest.Generate.Baselines;

/// <summary>This program as a baseline server on a free loopback port, in a child process that Dispose ends.</summary>
internal sealed class BaselineProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private BaselineProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public static async Task<BaselineProcess> StartAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(typeof(BaselineProcess).Assembly.Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        // The socket settings of the client would make the server twice as fast, and the gateway does not use them.
        foreach (var name in start.Environment.Keys.Where(IsSocketSetting).ToList()) start.Environment.Remove(name);
        var process = Process.Start(start)!;
        try
        {
            return new BaselineProcess(process, await AddressOfAsync(process, cancellationToken));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await EndAsync(process);
            throw new CannotRunException($"A baseline server did not start to listen within {StartTimeout.TotalSeconds:0} s.");
        }
        catch
        {
            await EndAsync(process);
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await EndAsync(_process);

    private static bool IsSocketSetting(string name) => name.StartsWith("DOTNET_SYSTEM_NET_SOCKETS", StringComparison.Ordinal);

    private static async Task<Uri> AddressOfAsync(Process process, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(StartTimeout);
        while (await process.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
        {
            var at = line.IndexOf(BaselineServer.Listening, StringComparison.Ordinal);
            if (at < 0) continue;
            // Keep reading: a full pipe would block the server.
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            return new Uri(line[(at + BaselineServer.Listening.Length)..]);
        }

        throw new CannotRunException("A baseline server ended during its start; see its output above.");
    }

    private static async Task EndAsync(Process process)
    {
        using (process)
        {
            // Closing the standard input lets the server clean up and stop.
            process.StandardInput.Close();
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            try
            {
                await process.WaitForExitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
