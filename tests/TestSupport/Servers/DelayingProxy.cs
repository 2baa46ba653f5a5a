using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Gateway.TestSupport.Servers;

/// <summary>
/// A TCP proxy that puts a server of this machine one round trip away; bandwidth is not limited. It can also end the connection
/// of a request that has reached the server, so that its answer is lost.
/// </summary>
public sealed class DelayingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> _open = [];
    private readonly int _server;
    private readonly TimeSpan _oneWay;
    private byte[]? _unanswered;
    private int _lost;
    private long _bytes;

    public DelayingProxy(int server, TimeSpan roundTrip = default)
    {
        (_server, _oneWay) = (server, roundTrip / 2);
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>In both directions.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Requests whose answer was lost.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>The connection of the next request with this text ends when the server has answered.</summary>
    public void LoseAnswerTo(string request) => Volatile.Write(ref _unanswered, Encoding.UTF8.GetBytes(request));

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var one in _open) one.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = TalkAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        using var both = client;
        client.NoDelay = true;
        _open.Add(client);
        _open.Add(server);
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _server);
            var loses = false;
            // When one side closes, the other is closed too.
            await await Task.WhenAny(
                CopyAsync(client, server, chunk => loses |= IsUnanswered(chunk)),
                CopyAsync(server, client, _ =>
                {
                    if (!loses) return;
                    Interlocked.Increment(ref _lost);
                    throw new IOException("the answer is lost");
                }));
        }
        catch (Exception ended) when (ended is SocketException or IOException or ObjectDisposedException)
        {
            // One of the two is away: the other sees its connection end.
        }
    }

    private bool IsUnanswered(ReadOnlySpan<byte> chunk)
        => Volatile.Read(ref _unanswered) is { } wanted && chunk.IndexOf(wanted) >= 0
            && Interlocked.CompareExchange(ref _unanswered, null, wanted) == wanted;

    private async Task CopyAsync(TcpClient from, TcpClient to, Action<byte[]> onChunk)
    {
        var chunks = Channel.CreateUnbounded<(byte[] Bytes, long ReadAt)>();
        var writing = WriteAsync();
        var buffer = new byte[256 * 1024];
        while (await from.GetStream().ReadAsync(buffer) is > 0 and var read)
        {
            var chunk = buffer[..read];
            Interlocked.Add(ref _bytes, read);
            onChunk(chunk);
            chunks.Writer.TryWrite((chunk, Stopwatch.GetTimestamp()));
        }

        chunks.Writer.Complete();
        await writing;

        async Task WriteAsync()
        {
            await foreach (var (bytes, readAt) in chunks.Reader.ReadAllAsync())
            {
                if (_oneWay - Stopwatch.GetElapsedTime(readAt) is var rest && rest > TimeSpan.Zero) await Task.Delay(rest);
                await to.GetStream().WriteAsync(bytes);
            }
        }
    }
}
