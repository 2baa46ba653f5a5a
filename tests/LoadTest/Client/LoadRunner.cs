using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Authentication;
using Gateway.LoadTest.Counting;
using Gateway.LoadTest.Http;
using Gateway.LoadTest.Machine;
using Gateway.LoadTest.Pacing;
using Gateway.LoadTest.Results;

namespace Gateway.LoadTest.Client;

/// <summary>One run: opens all connections, lets them send, watches them, and adds up.</summary>
internal sealed class LoadRunner(Target target, Cargo cargo, LoadShape shape)
{
    // Kestrel's listen backlog is 512: more at once would be dropped and tried again a second later.
    private const int OpenedAtOnce = 200;
    private const int Groups = 4;

    private readonly Tally[] _tallies = [.. Enumerable.Range(0, Groups).Select(_ => new Tally())];

    public async Task<LoadResult> RunAsync(Action<Sample> watch, ProcessProbe? server, CancellationToken cancellationToken)
    {
        IPace pace = shape.Burst ? new BurstPace()
            : shape.Rate is { } rate ? new OpenPace(rate, shape.Duration)
            : new ClosedPace(shape.Duration);
        Sender[] senders =
        [
            .. Enumerable.Range(0, shape.Connections)
                .Select(i => new Sender(new Connection(target, resets: shape.Burst), cargo, pace, _tallies[i % Groups], shape.Patience)),
        ];
        try
        {
            await OpenAllAsync(senders, cancellationToken);
            return await SendAllAsync(senders, pace, watch, server, cancellationToken);
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
            foreach (var some in senders.Chunk(OpenedAtOnce))
            {
                await Task.WhenAll(some.Select(sender => sender.OpenAsync(cancellationToken)));
                opened += some.Length;
            }
        }
        catch (Exception fault) when (fault is SocketException or IOException or AuthenticationException)
        {
            throw new CannotRunException($"{target.Name} took {opened} of {senders.Length} connections: {fault.Message}.");
        }
    }

    private async Task<LoadResult> SendAllAsync(
        Sender[] senders, IPace pace, Action<Sample> watch, ProcessProbe? server, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (shape.Duration is { } duration) stop.CancelAfter(duration);
        await using var ending = cancellationToken.Register(pace.End);
        using var sampler = new Sampler(_tallies, senders, watch, server);
        using var self = ProcessProbe.OfSelf();

        Task[] running = [];
        // A burst waits for its release; the others begin with the first request.
        if (!shape.Burst) pace.Begin();
        var before = self.Read();
        sampler.Start();
        running = [.. senders.Select(sender => sender.RunAsync(shape.Duration is not null, stop.Token))];
        // By then a burst is signed: that work is in no figure of its own.
        if (shape.Burst) before = self.Read();
        var beganAt = shape.Burst ? sampler.Restart() : sampler.BeganAt;
        if (shape.Burst) pace.Begin();
        await Task.WhenAll(running);
        var wall = Stopwatch.GetElapsedTime(beganAt);
        var after = self.Read();
        pace.End();
        await sampler.StopAsync();

        return new LoadResult
        {
            Target = target.Name,
            Wall = wall,
            Total = sampler.Total,
            Samples = sampler.Samples,
            OfferedRate = shape.Rate,
            Lateness = (pace as OpenPace)?.Lateness,
            Release = (pace as BurstPace)?.Release,
            GivenUp = senders.Count(sender => sender.HasGivenUp),
            ClientCores = (after.Cpu - before.Cpu).TotalSeconds / wall.TotalSeconds,
        };
    }
}
