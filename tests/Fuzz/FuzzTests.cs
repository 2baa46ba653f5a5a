using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;

namespace Gateway.Fuzz;

/// <summary>
/// Generated requests on sockets against a gateway in a process of its own: 20,000 on each profile. <c>GATEWAY_FUZZ_REQUESTS</c>
/// and <c>GATEWAY_FUZZ_SEED</c> set another number and other requests.
/// </summary>
public sealed partial class FuzzTests(ITestOutputHelper output) : IDisposable
{
    private const int Batch = 500, Connections = 8;

    /// <summary>
    /// What the process of a short run may grow by: its caches fill. Measured: 48 and 55 MiB. 7 KiB kept per request are more.
    /// </summary>
    private const long Room = 128 * 1024 * 1024;

    private static readonly int Requests = Setting("GATEWAY_FUZZ_REQUESTS", 20_000), Seed = Setting("GATEWAY_FUZZ_SEED", 16);

    private readonly TempFolder _folder = new();
    private readonly ConcurrentDictionary<int, int> _statuses = new();
    private readonly ConcurrentQueue<string> _surprises = new();
    private int _accepted;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Embedded_gateway_survives_generated_requests() => RunAsync([("Gateway__Sqlite__Path", $"{_folder.Path}/g.db")]);

    [Fact]
    public async Task Distributed_gateway_survives_generated_requests()
    {
        var backends = await Backends.SharedAsync();
        var sandbox = backends.NewSandbox();
        try
        {
            await RunAsync(sandbox.Select(one => ($"Gateway__{one.Key.Replace(":", "__")}", one.Value)));
        }
        finally
        {
            await backends.ClearAsync(sandbox);
        }
    }

    private async Task RunAsync(IEnumerable<(string, string)> settings)
    {
        await using var gateway = await StartAsync(settings);
        gateway.Client.Http.DefaultRequestHeaders.Add("x-api-key", RequestGenerator.OperatorKey);
        using var process = Process.GetProcessById(gateway.Id);
        var early = 0L;
        for (var batch = 0; batch * Batch < Requests; batch++)
        {
            if (early == 0 && batch * Batch >= Requests / 10) early = Rss(process);
            var generator = new RequestGenerator((uint)batch, Seed);
            var requests = Enumerable.Range(0, Batch).Select(_ => generator.Next()).ToList();
            await SendAsync(gateway, requests);
            gateway.HasExited.ShouldBeFalse(gateway.WithOutput($"The gateway has ended in batch {batch} of seed {Seed}"));
        }

        var late = Rss(process);
        await Until.TrueAsync(gateway.Client.ReadinessAsync, ready => ready.Text("status") is "ready" or "degraded");
        (await gateway.StopAsync()).ShouldBe(0);
        output.WriteLine(
            $"{Requests} requests of seed {Seed}: {string.Join(", ", _statuses.OrderBy(one => one.Key))}; {_accepted} accepted; "
            + $"RSS {early >> 20} -> {late >> 20} MiB; {gateway.Output.Count} lines");
        _surprises.ShouldBeEmpty();
        late.ShouldBeLessThan(early + (Requests < 100_000 ? Room : early / 10));
        gateway.Errors.ShouldBeEmpty();
        gateway.Output.Where(line => !LogLine().IsMatch(line)).ShouldBeEmpty();
        // An unhandled exception of a request, an attempt or the dispatcher.
        gateway.Output.ShouldNotContain(line => line.Contains("[101]") || line.Contains("[220]") || line.Contains("[222]"));
        // The generator reaches every kind of answer.
        foreach (var status in new[] { 200, 202, 400, 401, 404, 405, 415 }) _statuses.ShouldContainKey(status);
    }

    private async Task SendAsync(GatewayProcess gateway, List<FuzzedRequest> requests)
    {
        var keys = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(
            requests, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (request, _) =>
            {
                var answer = await AskAsync(gateway.Address, request);
                _statuses.AddOrUpdate(answer.Status, 1, (_, count) => count + 1);
                if (Surprise(request, answer) is { } surprise)
                    _surprises.Enqueue($"{surprise}: {answer.Status} to {Convert.ToBase64String(request.Bytes)}");
                if (answer.Status == 202 && Location().Match(answer.Text) is { Success: true } at) keys.Add(at.Groups[1].Value);
            });
        foreach (var key in keys.Distinct()) await gateway.Client.EventAsync(key);
        _accepted += keys.Distinct().Count();
    }

    private static string? Surprise(FuzzedRequest request, RawAnswer answer)
    {
        // 505 is the web server's answer to another version of HTTP.
        if (answer.Status is >= 500 and not (503 or 505)) return "a fault";
        if (request.IsWhole && answer.Status == 0) return "no answer";
        if (request.Signed is not { } body) return null;
        if (answer.Status is not (202 or 400 or 503)) return "another status";
        return answer.Status == 202 ? BodyOracle.MistakeIn(body) : null;
    }

    private static async Task<RawAnswer> AskAsync(Uri address, FuzzedRequest request)
    {
        using var connection = await RawConnection.OpenAsync(address);
        try
        {
            await connection.SendAsync(request.Bytes);
            if (!request.IsWhole) connection.EndSending();
        }
        catch (Exception closed) when (closed is IOException or SocketException)
        {
            // The server has closed the connection already.
        }

        return await connection.AnswerAsync();
    }

    private Task<GatewayProcess> StartAsync(IEnumerable<(string, string)> settings)
    {
        var sources = Path.Combine(_folder.Path, "sources.json");
        File.WriteAllText(sources, """
            { "courier": {
                "Preset": "token", "Merchant": "m-1", "Secrets": [{ "Id": "a", "Value": "a-token-of-the-sender" }],
                "Verify": { "Signature": "{header.X-Token}" },
                "Map": { "Id": "$.id", "Shipment": "$.shipment", "Type": "$.state" } } }
            """);
        return GatewayProcess.StartAsync(
            _folder.Path,
            [
                ("ASPNETCORE_ENVIRONMENT", "Production"), ("Gateway__Operator__ApiKey", RequestGenerator.OperatorKey),
                ("Gateway__RoutingService__Enabled", "true"), ("Gateway__RoutingService__DelayMs", "0"),
                ("Gateway__Webhook__MaxUnverifiedPerMinute", "1000000"), ("Gateway__SourcesFile", sources),
                ("Logging__LogLevel__Gateway", Requests > 100_000 ? "Information" : "Debug"),
                .. settings,
            ]);
    }

    private static long Rss(Process process)
    {
        process.Refresh();
        return process.WorkingSet64;
    }

    private static int Setting(string name, int value)
        => int.Parse(Environment.GetEnvironmentVariable(name) ?? $"{value}", CultureInfo.InvariantCulture);

    /// <summary>A line of the logger: time, level and a text without control characters.</summary>
    [GeneratedRegex(@"^[\d:.TZ-]{24} (trce|dbug|info|warn|fail|crit): [^\p{Cc}\p{Cf}\u2028\u2029]*$")]
    private static partial Regex LogLine();

    [GeneratedRegex(@"^Location: \S*/events/([\w.-]+)\r?$", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Location();
}
