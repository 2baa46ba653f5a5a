using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Authentication;
using Gateway.LoadTest.Generate.Events;
using Gateway.LoadTest.Generate.Http;
using Gateway.LoadTest.Generate.Pacing;
using Gateway.LoadTest.Measure;
using Gateway.LoadTest.Measure.Accounting;

namespace Gateway.LoadTest.Generate;

/// <summary>Executes one run: opens all connections, sends the requests and collects the figures.</summary>
internal sealed class LoadRunner(Target target, RunState state, LoadShape shape)
{
    // Kestrel's listen backlog is 512: beyond it a connection is dropped and retried a second later.
    private const int ConcurrentOpens = 200;
    private const int GroupCount = 4;

    private readonly RequestStats[] _groups = [.. Enumerable.Range(0, GroupCount).Select(_ => new RequestStats())];

    public async Task<LoadResult> RunAsync(Action<Sample> onSample, ProcessProbe? server, CancellationToken cancellationToken)
    {
        IPacer pacer = shape.Burst ? new BurstPacer()
            : shape.Rate is { } rate ? new OpenLoopPacer(rate, shape.Duration)
            : new ClosedLoopPacer(shape.Duration);
        Sender[] senders =
        [
            .. Enumerable.Range(0, shape.Connections)
                .Select(i => new HttpConnection(target, resetsOnClose: shape.Burst))
                .Select((connection, i) => new Sender(connection, state, pacer, _groups[i % GroupCount], shape.Timeout)),
        ];
        try
        {
            await OpenAllAsync(senders, cancellationToken);
            return await SendAllAsync(senders, pacer, onSample, server, cancellationToken);
        }
        finally
        {
            foreach (var sender in senders) sender.Dispose();
        }
    }

    private async Task OpenAllAsync(Sender[] senders, CancellationToken cancellationToken)
    {
        var opened = 0;
        try
        {
            foreach (var chunk in senders.Chunk(ConcurrentOpens))
            {
                await Task.WhenAll(chunk.Select(sender => sender.OpenAsync(cancellationToken)));
                opened += chunk.Length;
            }
        }
        catch (Exception error) when (error is SocketException or IOException or AuthenticationException)
        {
            throw new CannotRunException(
                $"{target.Name} accepted only {opened} of {senders.Length} connections: {error.Message}.");
        }
    }

    private async Task<LoadResult> SendAllAsync(
        Sender[] senders, IPacer pacer, Action<Sample> onSample, ProcessProbe? server, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (shape.Duration is { } duration) stop.CancelAfter(duration);
        await using var ending = cancellationToken.Register(pacer.Stop);
        using var sampler = new Sampler(_groups, AbortLateRequests, onSample, server);
        using var self = ProcessProbe.OfSelf();

        // A burst starts after all senders have signed their request; other loads start at once.
        if (!shape.Burst) pacer.Start();
        var before = self.Read();
        sampler.Start();
        Task[] running = [.. senders.Select(sender => sender.RunAsync(shape.Duration is not null, stop.Token))];
        // All requests of a burst are signed here, so signing is not measured.
        if (shape.Burst) before = self.Read();
        var startedAt = shape.Burst ? sampler.Restart() : sampler.StartedAt;
        if (shape.Burst) pacer.Start();
        await Task.WhenAll(running);
        var wall = Stopwatch.GetElapsedTime(startedAt);
        var after = self.Read();
        pacer.Stop();
        await sampler.StopAsync();

        return new LoadResult
        {
            Target = target.Name,
            Wall = wall,
            Total = sampler.Total,
            Samples = sampler.Samples,
            OfferedRate = shape.Rate,
            Lateness = (pacer as OpenLoopPacer)?.Lateness,
            Release = (pacer as BurstPacer)?.ReleaseTime,
            LostConnections = senders.Count(sender => sender.IsLost),
            ClientCores = (after.Cpu - before.Cpu).TotalSeconds / wall.TotalSeconds,
        };

        void AbortLateRequests()
        {
            foreach (var sender in senders) sender.AbortIfTimedOut();
        }
    }
}

/// <summary>How many requests are sent, and at which pace.</summary>
/// <param name="Requests">Maximum number of requests, duplicates included.</param>
/// <param name="Rate">Requests per second of an open loop; null is a closed loop.</param>
/// <param name="Duplicates">Share of events that are sent more than once.</param>
internal sealed record LoadShape(
    int Connections, long? Requests, TimeSpan? Duration, double? Rate, double Duplicates, bool Burst, TimeSpan Timeout)
{
    /// <summary>Until the end of the load, at the pace until now.</summary>
    public double SecondsLeft(Sample sample)
    {
        var byTime = Duration?.TotalSeconds - sample.At;
        var ended = Math.Max(1, sample.Sent - sample.InFlight);
        var byRequests = (Requests - ended) * sample.At / ended;
        return Math.Max(0, Math.Min(byTime ?? double.MaxValue, byRequests ?? double.MaxValue));
    }
}

/// <summary>Shared by all connections of a run: the requests, their order and the responses to their events.</summary>
internal sealed record RunState(RequestMix Mix, EventPlan Plan, EventLedger Ledger);
