using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using Gateway.LoadTest.Generate.Events;
using Gateway.LoadTest.Generate.Http;

namespace Gateway.LoadTest.Generate;

/// <summary>
/// One request of each source before the load. A wrong secret would otherwise be found at the end of a run of nothing but 401.
/// </summary>
internal static partial class FirstRequest
{
    public static async Task ShouldBeAcceptedAsync(
        Target target, RequestMix mix, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        using var writers = mix.NewWriters();
        using var connection = new HttpConnection(target, resetsOnClose: false);
        await using var ending = limit.Token.Register(connection.Dispose);
        var bytes = new byte[mix.MaxLength];
        foreach (var number in mix.OnePerGenerator)
        {
            var request = bytes.AsMemory(0, writers.Write(number, bytes));
            try
            {
                if (!connection.IsOpen) await connection.OpenAsync(limit.Token);
                var response = await connection.SendAsync(request);
                var (status, accepted) = (response.Status, mix.Of(number).AcceptedStatus);
                if (status != accepted)
                {
                    throw new CannotRunException(
                        $"{target.Name}: the first request ({RequestLine().Match(Ascii(request))}) was answered {status} instead "
                        + $"of {accepted}.{HintOf(status)}{connection.BodyOf(response)}");
                }

                if (response.Closes) connection.Dispose();
            }
            catch (Exception fault) when (fault is SocketException or IOException or AuthenticationException
                or InvalidDataException or ObjectDisposedException or OperationCanceledException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new CannotRunException(
                    limit.IsCancellationRequested
                        ? $"{target.Name}: no answer to the first request within {timeout.TotalSeconds:0.###} s (--timeout)."
                        : $"{target.Name}: the first request failed: {fault.Message}");
            }
        }
    }

    private static string HintOf(int status) => status switch
    {
        401 => " The secret differs from the gateway's (--secret, or the secrets of Gateway:SourcesFile).",
        404 => " A worker process has no ingestion endpoint.",
        _ => "",
    };

    private static string Ascii(ReadOnlyMemory<byte> request) => System.Text.Encoding.ASCII.GetString(request.Span);

    [GeneratedRegex("^[A-Z]+ [^ ?]+")]
    private static partial Regex RequestLine();
}
