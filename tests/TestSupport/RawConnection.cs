using System.Net.Sockets;
using System.Text;

namespace Gateway.TestSupport;

/// <summary>An answer as it came over the wire; status 0 when the connection ended without one.</summary>
public sealed record RawAnswer(int Status, string Text);

/// <summary>HTTP as bytes on a socket, for requests that an HTTP client does not send.</summary>
public sealed class RawConnection : IDisposable
{
    private readonly TcpClient _tcp = new() { NoDelay = true };
    private Stream _stream = Stream.Null;

    public static async Task<RawConnection> OpenAsync(Uri address)
    {
        var connection = new RawConnection();
        await connection._tcp.ConnectAsync(address.Host, address.Port);
        // Not later: there may be an answer to read although the server has closed the connection.
        connection._stream = connection._tcp.GetStream();
        return connection;
    }

    /// <summary>The head of a POST to the ingestion endpoint; lines are sent unchanged, so that they can be invalid.</summary>
    public static byte[] Head(int contentLength, params IEnumerable<string> lines)
        => Encoding.Latin1.GetBytes(string.Concat(
            $"POST {GatewayClient.BasePath} HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n",
            $"Content-Type: application/json\r\nContent-Length: {contentLength}\r\n",
            string.Concat(lines.Select(line => $"{line}\r\n")), "\r\n"));

    /// <summary>Sends one request on a new connection; returns the answer.</summary>
    public static async Task<RawAnswer> AskAsync(Uri address, byte[] head, byte[] body)
    {
        using var connection = await OpenAsync(address);
        await connection.SendAsync((byte[])[.. head, .. body]);
        return await connection.AnswerAsync();
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes);

    public async Task<RawAnswer> AnswerAsync()
    {
        var answer = new MemoryStream();
        try
        {
            await _stream.CopyToAsync(answer).WaitAsync(Until.Timeout);
        }
        catch (IOException)
        {
            // The server closed the connection before it had read the request; the answer came before.
        }

        var text = Encoding.UTF8.GetString(answer.ToArray());
        return new RawAnswer(text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(text.AsSpan(9, 3)) : 0, text);
    }

    /// <summary>The server sees the end of the request, and can still answer.</summary>
    public void EndSending() => _tcp.Client.Shutdown(SocketShutdown.Send);

    /// <summary>Ends the connection with a TCP reset.</summary>
    public void Reset()
    {
        _tcp.Client.LingerState = new LingerOption(true, 0);
        _tcp.Dispose();
    }

    public void Dispose() => _tcp.Dispose();
}
