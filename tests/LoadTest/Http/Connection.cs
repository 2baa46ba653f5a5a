using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Gateway.LoadTest.Http;

/// <summary>One keep-alive connection: a request out, its response in, into a buffer of its own.</summary>
internal sealed class Connection(Target target, bool resets) : IDisposable
{
    private const int LongestResponse = 1 << 20;

    private byte[] _received = new byte[2048];
    private Socket? _socket;
    private Stream? _tls;

    public bool IsOpen => _socket is not null;

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(target.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // Ten thousand connections of a burst, closed in the ordinary way, would hold their ports for a minute.
            if (resets) socket.LingerState = new LingerOption(true, 0);
            await socket.ConnectAsync(target.EndPoint, cancellationToken);
            if (target.IsTls) _tls = await SecuredAsync(socket, cancellationToken);
            _socket = socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // The builder keeps the state machine of a request that waits: without it each request would allocate one.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Answer> ExchangeAsync(ReadOnlyMemory<byte> request)
    {
        // A request that waits too long is ended from another thread.
        var (socket, tls) = (_socket ?? throw new ObjectDisposedException(nameof(Connection)), _tls);
        if (tls is not null) await tls.WriteAsync(request);
        else await socket.SendAsync(request, SocketFlags.None);

        for (var filled = 0; ;)
        {
            var rest = _received.AsMemory(filled);
            var count = tls is not null ? await tls.ReadAsync(rest) : await socket.ReceiveAsync(rest, SocketFlags.None);
            filled += count;
            if (ResponseParser.TryParse(_received.AsSpan(0, filled), ended: count == 0, out var answer)) return answer;
            if (count == 0) throw new EndOfStreamException("The server closed the connection instead of answering.");
            if (filled == _received.Length) MakeRoom();
        }
    }

    public void Dispose()
    {
        _tls?.Dispose();
        _socket?.Dispose();
        (_tls, _socket) = (null, null);
    }

    private async Task<Stream> SecuredAsync(Socket socket, CancellationToken cancellationToken)
    {
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: false));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = target.Door.Host }, cancellationToken);
        return tls;
    }

    private void MakeRoom()
    {
        if (_received.Length >= LongestResponse) throw new InvalidDataException("The response is longer than 1 MiB.");
        Array.Resize(ref _received, _received.Length * 2);
    }
}
