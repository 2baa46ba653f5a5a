using System.Collections.Concurrent;
using System.Net;
using Gateway.Host.Tests.CrashDrill;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>Processes are restarted in turn, as a rolling upgrade does it, behind a proxy that repeats requests.</summary>
[Collection(FaultDrillCollection.Name)]
public sealed class RollingRestartTests(DrillBackends backends, ITestOutputHelper output)
{
    private const int Senders = 8;
    private const int Rounds = 1;

    [Fact]
    public Task Rolling_restart_behind_a_retrying_proxy_shows_senders_no_failure()
        => Drill.RunAsync(backends, output, async drill =>
        {
            drill.Settings.AddRange(Drill.LongDeadlines);
            await using var stub = await RoutingStub.StartAsync(delayMs: 20);
            var ingest = await Task.WhenAll(drill.IngestAsync(), drill.IngestAsync());
            var workers = await Task.WhenAll(drill.WorkerAsync(stub.Url), drill.WorkerAsync(stub.Url));
            await drill.ReadyAsync();
            var proxy = new RetryingProxy(ingest);
            using var end = new CancellationTokenSource();
            var posting = Enumerable.Range(0, Senders)
                .Select(sender => proxy.PostUntilAsync(new Webhooks(drill.Seed + sender), $"s{sender}", end.Token)).ToList();

            Replica[] inTurn = [ingest[0], workers[0], ingest[1], workers[1]];
            foreach (var replica in Enumerable.Repeat(inTurn, Rounds).SelectMany(round => round))
            {
                var enough = proxy.Accepted.Count + 200;
                await Until.TrueAsync(() => proxy.Accepted.Count >= enough || posting.Exists(sender => sender.IsCompleted));
                (await replica.Process.StopAsync()).ShouldBe(0);
                await replica.StartAsync();
                await replica.ReadyAsync();
            }

            await end.CancelAsync();
            await Task.WhenAll(posting);

            proxy.Failures.ShouldBeEmpty();
            foreach (var key in proxy.Accepted) await workers[0].Client.StatusAsync(key, "processed");
            (await stub.KeysAsync()).Values.ShouldAllBe(key => key.Answers == 1, "an event took effect twice");
            drill.Report($"{proxy.Accepted.Count} events accepted, {proxy.Retries} requests repeated by the proxy");
        });

    /// <summary>A proxy in front of two processes: what one of them cannot take, the other one gets.</summary>
    private sealed class RetryingProxy(IReadOnlyList<Replica> replicas)
    {
        private int _retries;

        public ConcurrentBag<string> Accepted { get; } = [];

        public ConcurrentBag<HttpStatusCode> Failures { get; } = [];

        public int Retries => _retries;

        public async Task PostUntilAsync(Webhooks webhooks, string sender, CancellationToken end)
        {
            for (var turn = 0; !end.IsCancellationRequested; turn++)
            {
                var next = webhooks.Next();
                var webhook = next with { EventId = $"{sender}-{next.EventId}" };
                using var answer = await PostAsync(webhook, turn % replicas.Count)
                                   ?? await PostAsync(webhook, (turn + 1) % replicas.Count)
                                   ?? new HttpResponseMessage(HttpStatusCode.BadGateway);
                if (answer.IsSuccessStatusCode) Accepted.Add(await answer.AcceptedKeyAsync());
                else Failures.Add(answer.StatusCode);
            }
        }

        private async Task<HttpResponseMessage?> PostAsync(Webhook webhook, int at)
        {
            try
            {
                var answer = await replicas[at].Client.PostSignedAsync(webhook, CancellationToken.None);
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable) return answer;
                answer.Dispose();
                // Not of a process that stops: the broker was silent for longer than a step of a connection may take.
                if (answer.Headers.ConnectionClose != true) return await PostAsync(webhook, at);
            }
            catch (HttpRequestException)
            {
                // The connection was refused, or ended without an answer.
            }

            Interlocked.Increment(ref _retries);
            return null;
        }
    }
}
