using System.Net;
using System.Text.Json;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.CrashDrill;

/// <summary>SIGTERM under load: the next start finds no expired claim.</summary>
public sealed class StopDrillTests : IDisposable
{
    private const int InWork = 20;

    private readonly TempFolder _folder = new();
    private readonly Senders _senders = new(new DrillFeed(seed: 42));

    [Fact]
    [Trait("Defect", "R16")]
    public async Task SIGTERM_lets_attempts_in_flight_finish()
    {
        await using var stub = await RoutingStub.StartAsync(delayMs: 500);

        await StopUnderLoadAsync(stub, stopGrace: "00:00:30");

        await using var next = await StartAsync(stub);
        await Accounting.ShouldAddUpAsync(next.Client, _senders, stub);
        (await AttemptsAsync(next)).ShouldNotContain(attempt => Accounting.Text(attempt, "result") == "abandoned");
    }

    [Fact]
    [Trait("Defect", "R16")]
    public async Task SIGTERM_releases_attempts_that_exceed_the_grace_period()
    {
        await using var stub = await RoutingStub.StartAsync(delayMs: 2000);

        await StopUnderLoadAsync(stub, stopGrace: "00:00:00");

        await using var next = await StartAsync(stub);
        var abandoned = (await AttemptsAsync(next))
            .Where(attempt => Accounting.Text(attempt, "result") == "abandoned").ToList();
        abandoned.Count.ShouldBeGreaterThanOrEqualTo(InWork);
        // Only the process that released a claim knows how long it was held.
        abandoned.ShouldAllBe(attempt => attempt.GetProperty("durationMs").ValueKind == JsonValueKind.Number);
        await Accounting.ShouldAddUpAsync(next.Client, _senders, stub);
    }

    [Fact]
    public async Task Stopping_process_answers_503_and_closes_the_connection()
    {
        await using var stub = await RoutingStub.StartAsync(delayMs: 5000);
        await using var gateway = await StartAsync(stub);
        await gateway.Client.AcceptedAsync(new Webhooks().Next());
        await Until.TrueAsync(stub.RequestsAsync, requests => requests == 1);

        var stop = gateway.StopAsync();

        using var answer = await Until.TrueAsync(
            () => gateway.Client.PostSignedAsync(new Webhooks(seed: 2).Next()), answer => (int)answer.StatusCode == 503);
        answer.Headers.ConnectionClose.ShouldBe(true);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        using var ready = await gateway.Client.Http.GetAsync("/health/ready");
        ((int)ready.StatusCode).ShouldBe(503);
        (await ready.Content.ReadAsStringAsync()).ShouldContain("\"stopping\"");
        (await stop).ShouldBe(0);
    }

    [Fact]
    public async Task Request_under_way_when_the_stop_begins_gets_a_503_that_closes_the_connection()
    {
        await using var stub = await RoutingStub.StartAsync(delayMs: 5000);
        await using var gateway = await StartAsync(stub);
        await gateway.Client.AcceptedAsync(new Webhooks().Next());
        await Until.TrueAsync(stub.RequestsAsync, requests => requests == 1);
        using var held = new HeldBody(new Webhooks(seed: 2).Next().ToBytes());
        using var request = gateway.Client.SignedRequest(held.Bytes);
        request.Headers.ExpectContinue = true;
        held.Headers.ContentType = request.Content!.Headers.ContentType;
        request.Content = held;
        using var sender = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan })
        {
            BaseAddress = gateway.Address,
        };

        var answering = sender.SendAsync(request);
        // The gateway has asked for the body with 100 Continue, so its middleware has run.
        await held.Asked.WaitAsync(Until.Timeout);
        var stop = gateway.StopAsync();
        await Until.TrueAsync(
            async () => (await gateway.Client.ReadinessAsync()).Text("status"), status => status == "stopping");
        held.Release();

        using var answer = await answering;
        ((int)answer.StatusCode).ShouldBe(503);
        answer.Headers.ConnectionClose.ShouldBe(true);
        (await stop).ShouldBe(0);
    }

    public void Dispose() => _folder.Dispose();

    private async Task StopUnderLoadAsync(RoutingStub stub, string stopGrace)
    {
        await using var gateway = await StartAsync(
            stub, ("WORKER_PREFETCH", $"{InWork}"), ("Gateway__Processing__StopGrace", stopGrace),
            ("Gateway__App__StopWithin", "00:00:50"));
        var load = _senders.PostUntilGatewayEndsAsync(gateway.Client);
        await Until.TrueAsync(stub.RequestsAsync, requests => load.IsCompleted || requests >= InWork);

        (await gateway.StopAsync()).ShouldBe(0, gateway.WithOutput("The exit code is not 0"));
        await load;
        _senders.Accepted.Count.ShouldBeGreaterThanOrEqualTo(InWork);
    }

    private Task<GatewayProcess> StartAsync(RoutingStub stub, params IEnumerable<(string, string)> settings)
        => GatewayProcess.StartAsync(_folder.Path, [("Gateway__Routing__Url", stub.Url), .. settings]);

    private static async Task<IReadOnlyList<JsonElement>> AttemptsAsync(GatewayProcess gateway)
    {
        var keys = (await gateway.Client.EventsAsync()).Select(row => Accounting.Text(row, "key")!);
        return [.. (await Accounting.DetailsAsync(gateway.Client, keys))
            .SelectMany(e => e.GetProperty("attempts").EnumerateArray())];
    }

    /// <summary>Is sent once it is released.</summary>
    private sealed class HeldBody(byte[] bytes) : HttpContent
    {
        private readonly TaskCompletionSource _asked = new();
        private readonly TaskCompletionSource _released = new();

        public byte[] Bytes => bytes;

        public Task Asked => _asked.Task;

        public void Release() => _released.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            _asked.SetResult();
            await _released.Task;
            await stream.WriteAsync(bytes);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return true;
        }
    }
}
