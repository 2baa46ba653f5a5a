using System.Diagnostics;
using Gateway.LoadTest.Client;

namespace Gateway.LoadTest.Baselines;

/// <summary>This program once more, as a server on a free port of loopback; gone when disposed.</summary>
internal sealed class BaselineProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private BaselineProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public static async Task<BaselineProcess> StartAsync(IEnumerable<string> command, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardInput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") start.ArgumentList.Add(typeof(BaselineProcess).Assembly.Location);
        foreach (var word in command) start.ArgumentList.Add(word);
        // The client's way with sockets is not the gateway's: a server that had it would be twice as fast.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("DOTNET_SYSTEM_NET_SOCKETS", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        var process = Process.Start(start)!;
        try
        {
            return new BaselineProcess(process, await AddressOfAsync(process, cancellationToken));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await EndAsync(process);
            throw new CannotRunException($"A server to compare with did not listen within {Patience.TotalSeconds:0} s.");
        }
        catch
        {
            await EndAsync(process);
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await EndAsync(_process);

    private static async Task<Uri> AddressOfAsync(Process process, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            var at = line.IndexOf(BaselineServer.Listening, StringComparison.Ordinal);
            if (at < 0) continue;
            // Nobody else reads what it says: a full pipe would stop it.
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            return new Uri(line[(at + BaselineServer.Listening.Length)..]);
        }

        throw new CannotRunException("A server to compare with has ended instead of listening; its reason is above.");
    }

    private static async Task EndAsync(Process process)
    {
        using (process)
        {
            // Its input ends: it stops by itself, cleaning up what it has made.
            process.StandardInput.Close();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
