using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Gateway.EventsGateway.Tests.Queue.RabbitMq;

/// <summary>A proxy whose bytes arrive later, in both directions.</summary>
internal sealed class SlowLineProxy(TimeSpan delay) : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    /// <summary>The address to connect to instead of <paramref name="broker"/>.</summary>
    public string To(string broker)
    {
        _listener.Start();
        _ = AcceptAsync(new Uri(broker));
        return new UriBuilder(broker) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync(Uri broker)
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync();
            var server = new TcpClient { NoDelay = true };
            await server.ConnectAsync(broker.Host, broker.Port);
            _ = CarryAsync(client, server);
            _ = CarryAsync(server, client);
        }
    }

    private async Task CarryAsync(TcpClient from, TcpClient to)
    {
        var line = Channel.CreateUnbounded<(long ReadAt, byte[] Bytes)>();
        var writing = WriteAsync(line.Reader, to);
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer) is var read and > 0)
                line.Writer.TryWrite((Stopwatch.GetTimestamp(), buffer[..read]));
        }
        catch (Exception closed) when (closed is IOException or InvalidOperationException)
        {
            // The other direction has ended.
        }

        line.Writer.Complete();
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        to.Dispose();
    }

    private async Task WriteAsync(ChannelReader<(long ReadAt, byte[] Bytes)> line, TcpClient to)
    {
        await foreach (var (readAt, bytes) in line.ReadAllAsync())
        {
            var left = delay - Stopwatch.GetElapsedTime(readAt);
            if (left > TimeSpan.Zero) await Task.Delay(left);
            await to.GetStream().WriteAsync(bytes);
        }
    }
}
