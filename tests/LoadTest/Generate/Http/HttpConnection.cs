using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace Gateway.LoadTest.Generate.Http;

/// <summary>One keep-alive connection with its own receive buffer; one request at a time.</summary>
internal sealed class HttpConnection(Target target, bool resetsOnClose) : IDisposable
{
    private const int MaxResponseLength = 1 << 20;
    private const int MaxShownBody = 500;

    private byte[] _received = new byte[2048];
    private Socket? _socket;
    private Stream? _tls;

    public bool IsOpen => _socket is not null;

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(target.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // After a normal close, the 10,000 connections of a burst would keep their ports for a minute (TIME_WAIT).
            if (resetsOnClose) socket.LingerState = new LingerOption(true, 0);
            await socket.ConnectAsync(target.EndPoint, cancellationToken);
            if (target.IsTls) _tls = await AuthenticateAsync(socket, cancellationToken);
            _socket = socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // The builder pools the state machines; the default one would allocate per request.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Response> SendAsync(ReadOnlyMemory<byte> request)
    {
        // Another thread may dispose the connection after the timeout.
        var (socket, tls) = (_socket ?? throw new ObjectDisposedException(nameof(HttpConnection)), _tls);
        if (tls is not null) await tls.WriteAsync(request);
        else await socket.SendAsync(request, SocketFlags.None);

        for (var filled = 0; ;)
        {
            var free = _received.AsMemory(filled);
            var count = tls is not null ? await tls.ReadAsync(free) : await socket.ReceiveAsync(free, SocketFlags.None);
            filled += count;
            if (ResponseParser.TryParse(_received.AsSpan(0, filled), ended: count == 0, out var response)) return response;
            if (count == 0) throw new EndOfStreamException("The server closed the connection without a response.");
            if (filled == _received.Length) GrowBuffer();
        }
    }

    /// <summary>The JSON of the response that was received last, shortened; else empty.</summary>
    public string BodyOf(Response response)
    {
        var text = Encoding.UTF8.GetString(_received, 0, response.Length);
        var from = text.IndexOf('{', StringComparison.Ordinal);
        return from < 0 ? "" : $" The answer: {text[from..Math.Min(from + MaxShownBody, text.Length)].Trim()}";
    }

    public void Dispose()
    {
        _tls?.Dispose();
        _socket?.Dispose();
        (_tls, _socket) = (null, null);
    }

    private async Task<Stream> AuthenticateAsync(Socket socket, CancellationToken cancellationToken)
    {
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: false));
        var options = new SslClientAuthenticationOptions { TargetHost = target.IngestUri.Host };
        await tls.AuthenticateAsClientAsync(options, cancellationToken);
        return tls;
    }

    private void GrowBuffer()
    {
        if (_received.Length >= MaxResponseLength) throw new InvalidDataException("The response is longer than 1 MiB.");
        Array.Resize(ref _received, _received.Length * 2);
    }
}

/// <summary>
/// One thread serves all sockets and runs the continuations inline, as wrk does. Measured with 100 connections on 2 cores shared
/// with a bare endpoint: wrk (unsigned, one thread) 78,000-89,000/s; this client, signing, 62,000-63,000/s at 7.5 µs of CPU time
/// per request; with completions on the thread pool 50,000-59,000/s at a p99 of 9 ms instead of 5; HttpClient, unsigned,
/// 49,000-60,000/s at 9-11 µs. A second socket thread gains nothing and takes CPU time from the server.
/// </summary>
internal static class ClientSockets
{
    /// <summary>Call it before the first socket is created: the runtime reads the variables once.</summary>
    public static void Configure()
    {
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "1");
    }
}
