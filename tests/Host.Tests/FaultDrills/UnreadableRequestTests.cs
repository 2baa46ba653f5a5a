using System.Text;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>Requests without a key or a signature cost few lines of the log, and no stack trace.</summary>
public sealed class UnreadableRequestTests : IDisposable
{
    private const int Requests = 2000;
    private const string Key = "a key of operators";
    private const string Post = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json";

    private static readonly string[] Paths =
        ["/v1/events-gateway", "/console/session", "/v1/events-gateway/replays", "/v1/events-gateway/erasures", "/nowhere"];

    private static readonly string[] Ends =
    [
        "\r\nTransfer-Encoding: chunked\r\n\r\n80000000\r\nabc",
        "\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc",
        "; charset=\r\nContent-Length: 2\r\n\r\n{}",
        "\r\nContent-Length: 39\r\n\r\n{\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\":1}",
        "\r\nCookie: gateway-console=bm8gbnVtYmVy.bm8\r\nContent-Length: 2\r\n\r\n{}",
    ];

    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Two_thousand_unreadable_requests_are_answered_4xx_and_write_at_most_100_lines()
    {
        await using var gateway = await StartAsync();
        var (before, answers) = (gateway.Output.Count, new List<int>());

        for (var i = 0; i < Requests; i++)
        {
            var request = $"POST {Paths[i % Paths.Length]}{Post}{Ends[i / Paths.Length % Ends.Length]}";
            answers.Add((await RawConnection.AskAsync(gateway.Address, Encoding.Latin1.GetBytes(request), [])).Status);
        }

        // 0: the server closed the connection without an answer.
        answers.ShouldAllBe(status => status == 0 || (status >= 400 && status < 500));
        await gateway.StopAsync();
        FaultsIn(gateway).ShouldBeEmpty();
        (gateway.Output.Count - before).ShouldBeLessThanOrEqualTo(100);
    }

    [Fact]
    public async Task Stop_while_uploads_hang_writes_no_fault()
    {
        await using var gateway = await StartAsync();
        var uploads = new List<RawConnection>();
        foreach (var path in Paths)
        {
            var upload = await RawConnection.OpenAsync(gateway.Address);
            uploads.Add(upload);
            await upload.SendAsync(Encoding.Latin1.GetBytes(
                $"POST {path} HTTP/1.1\r\nHost: x\r\nX-Api-Key: {Key}\r\n"
                + "Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n{"));
        }

        (await gateway.StopAsync()).ShouldBe(0);

        FaultsIn(gateway).ShouldBeEmpty();
        uploads.ForEach(upload => upload.Dispose());
    }

    public void Dispose() => _folder.Dispose();


    private static IEnumerable<string> FaultsIn(GatewayProcess gateway)
        => gateway.Output.Where(line => line.Contains("GlobalExceptionHandler", StringComparison.Ordinal)
            || line.Contains("AspNetCore", StringComparison.Ordinal));

    private Task<GatewayProcess> StartAsync() => GatewayProcess.StartAsync(
        _folder.Path,
        ("ASPNETCORE_ENVIRONMENT", "Production"), ("Gateway__Operator__ApiKey", Key),
        ("Gateway__RoutingService__Enabled", "true"), ("Gateway__App__StopWithin", "00:00:02"));
}
