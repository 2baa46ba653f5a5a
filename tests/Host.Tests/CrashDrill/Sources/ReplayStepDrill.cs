using System.Net;
using System.Text.Json;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.CrashDrill.Sources;

/// <summary>Where the replay of a container is when its process is killed.</summary>
public enum ReplayStep
{
    /// <summary>It is claimed; its events are not written into it.</summary>
    Claimed,

    /// <summary>Its events are written into it; none is added.</summary>
    MappedSaved,

    /// <summary>Its events are added; it is not processed.</summary>
    EventsAdded,
}

/// <summary>A store whose writes of one step do not end.</summary>
internal interface IReplayStop
{
    Task HangAsync(ReplayStep step);

    /// <summary>Waits until a replay is at the step.</summary>
    Task ReachedAsync();

    /// <summary>The keys of the containers into which events are written.</summary>
    Task<IReadOnlySet<string>> MappedContainersAsync();

    Task ReleaseAsync();
}

/// <summary>
/// A replay of containers is killed at one step, and the mapping changes before the next process starts: a container whose events
/// were written into it has the ids of the first mapping, any other those of the second; no item has both.
/// </summary>
internal sealed class ReplayStepDrill(SourcesFile file, IReplayStop stop, RoutingStub stub)
{
    private const int Requests = 20;
    private const int ItemsPerRequest = 3;

    private readonly List<string[]> _names = [.. Enumerable.Range(0, Requests).Select(
        request => Enumerable.Range(0, ItemsPerRequest).Select(item => $"k{request}-{item}").ToArray())];

    /// <param name="ingest">Takes the requests.</param>
    /// <param name="worker">The process that replays and is killed.</param>
    /// <param name="killAsync">Kills it.</param>
    /// <param name="startAsync">Starts it again.</param>
    /// <param name="step">Where it is killed.</param>
    public async Task<string> RunAsync(
        GatewayClient ingest, GatewayClient worker, Func<Task> killAsync, Func<Task<GatewayClient>> startAsync, ReplayStep step)
    {
        var batches = _names.Select(BatchOf).ToList();
        foreach (var batch in batches)
        {
            using var answer = await Until.TrueAsync(
                () => batch.PostAsync(ingest), answer => answer.StatusCode != HttpStatusCode.ServiceUnavailable);
            await batch.KeyOfAsync(answer);
        }

        await Until.TrueAsync(async () => (await worker.EventsAsync("&outcome=unmapped")).Count, open => open == Requests);
        file.WriteMended("{$.key}");
        await SourcesFile.IsReadAsync(worker);

        await stop.HangAsync(step);
        var replay = SourcesFile.ReplayAsync(worker);
        await stop.ReachedAsync();
        await killAsync();
        await replay;
        await stop.ReleaseAsync();

        var mapped = await stop.MappedContainersAsync();
        if (step == ReplayStep.Claimed) mapped.ShouldBeEmpty();
        else mapped.ShouldNotBeEmpty();
        file.WriteMended("second-{$.key}");
        var next = await startAsync();
        var before = (await next.EventsAsync()).Count - Requests;
        await next.SettledAsync(Accounting.Timeout);

        var rows = (await next.EventsAsync()).ToDictionary(row => row.Text("key")!, row => row.Text("outcome"));
        // The database may have executed a last write of the killed process after the list was read.
        bool IsFirst(int i) => mapped.Contains(batches[i].Container) || rows.ContainsKey(Batch.KeyOf(_names[i][0]));
        var expected = batches.SelectMany((batch, i) => _names[i].Select(
            name => Batch.KeyOf(IsFirst(i) ? name : $"second-{name}"))).ToList();
        rows.Keys.ShouldBe(expected.Concat(batches.Select(batch => batch.Container)), ignoreOrder: true);
        batches.ShouldAllBe(batch => rows[batch.Container] == "mapped");
        await Accounting.ShouldAddUpAsync(next, stored => [.. expected.Except(stored)], stub);
        return $"{step}: {mapped.Count} of {Requests} containers had their events when it was killed, soon after the next "
            + $"start {before} of {expected.Count} were added; 0 lost, 0 doubled; {await stub.RequestsAsync()} calls";
    }

    private static Batch BatchOf(IReadOnlyList<string> names) => new(JsonSerializer.Serialize(new
    {
        scope = "push",
        items = names.Select(name => new { key = name, shipment = name, state = "moving", at = "2026-02-25T14:30:00Z" }),
    }));
}
