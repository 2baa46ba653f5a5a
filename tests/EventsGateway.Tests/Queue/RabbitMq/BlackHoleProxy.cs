using System.Net;
using System.Net.Sockets;

namespace Gateway.EventsGateway.Tests.Queue.RabbitMq;

/// <summary>
/// A proxy that hides one client capability from the broker: the broker notifies a consumer of its cancellation only if the
/// client has announced that it understands the notification.
/// </summary>
internal sealed class BlackHoleProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _open = [];

    /// <summary>The address to connect to instead of <paramref name="broker"/>.</summary>
    public string To(string broker)
    {
        _listener.Start();
        _ = AcceptAsync(new Uri(broker));
        return new UriBuilder(broker) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.ToString();
    }

    public void Dispose()
    {
        _listener.Dispose();
        lock (_open) _open.ForEach(one => one.Dispose());
    }

    private async Task AcceptAsync(Uri broker)
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync();
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                return;
            }

            var server = new TcpClient { NoDelay = true };
            lock (_open) _open.AddRange([client, server]);
            await server.ConnectAsync(broker.Host, broker.Port);
            _ = EndOf(server.GetStream().CopyToAsync(client.GetStream()), client);
            _ = EndOf(SpeakAsync(client.GetStream(), server.GetStream()), server);
        }
    }

    private static async Task SpeakAsync(NetworkStream client, NetworkStream server)
    {
        var buffer = new byte[64 * 1024];
        for (var isTold = false; !isTold;)
        {
            var read = await client.ReadAsync(buffer);
            if (read == 0) return;
            // The replacement has the same length, because the frame states its length.
            var word = buffer.AsSpan(0, read).IndexOf("consumer_cancel_notify"u8);
            if (word >= 0) "consumer_cancel_______"u8.CopyTo(buffer.AsSpan(word));
            isTold = word >= 0;
            await server.WriteAsync(buffer.AsMemory(0, read));
        }

        await client.CopyToAsync(server);
    }

    /// <summary>When one side closes, the other is closed too.</summary>
    private static async Task EndOf(Task talk, TcpClient other)
    {
        await talk.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        other.Dispose();
    }
}
