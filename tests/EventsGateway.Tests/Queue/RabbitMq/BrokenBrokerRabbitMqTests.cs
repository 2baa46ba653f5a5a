using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Queue;
using Gateway.Shared.Errors;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;

namespace Gateway.EventsGateway.Tests.Queue.RabbitMq;

/// <summary>The adapters report a broker that stops, hangs or blocks, and work again afterwards without a new instance.</summary>
public sealed class BrokenBrokerRabbitMqTests(BrokenBrokerRabbitMqTests.OwnServer own)
    : IClassFixture<BrokenBrokerRabbitMqTests.OwnServer>, IAsyncLifetime
{
    private readonly AcceptedEvents _newEvents = new(TimeProvider.System, seed: 12);
    private readonly List<EventKey> _answeredNew = [];
    private RabbitMqServer _server = null!;
    private RabbitMqBroker _broker = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await own.ServerAsync();
        _broker = new RabbitMqBroker(_server, settings => settings.PublishDeadline = TimeSpan.FromSeconds(2));
        await _broker.OpenAsync();
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    [Trait("Defect", "R3")]
    [Trait("Defect", "R4")]
    [Trait("Defect", "R17")]
    public async Task Stopped_broker_is_reported_and_works_again_when_it_is_back()
    {
        await NewAsync(300);

        await _server.KillAsync();
        await NothingIsTakenAsync();
        await Should.ThrowAsync<BackendUnavailableException>(
            () => _broker.Queued.ConsumeAsync(_ => Task.CompletedTask, CancellationToken.None));
        await _server.StartAgainAsync();
        await WorksAgainAsync();

        await AllArriveAsync();
    }

    [Fact]
    public async Task Broker_killed_under_load_loses_no_event_that_was_reported_new()
    {
        var committers = Enumerable.Range(0, 4).Select(_ => Task.Run(EnqueueUntilItFailsAsync)).ToArray();
        await Until.TrueAsync(() => { lock (_answeredNew) return _answeredNew.Count > 2000; });

        await _server.KillAsync();
        await Task.WhenAll(committers).WaitAsync(Until.Timeout);
        await _server.StartAgainAsync();
        await WorksAgainAsync();

        await AllArriveAsync();
    }

    [Fact]
    public async Task Consumer_reports_a_stopped_broker_and_the_next_one_works()
    {
        await NewAsync(1);
        var storing = new TaskCompletionSource();
        var consuming = _broker.Queued.ConsumeAsync(
            _ =>
            {
                storing.TrySetResult();
                return Task.CompletedTask;
            },
            CancellationToken.None);
        await storing.Task.WaitAsync(Until.Timeout);

        await _server.KillAsync();

        await Should.ThrowAsync<BackendUnavailableException>(() => consuming.WaitAsync(Until.Timeout));
        _answeredNew.Clear();
        await _server.StartAgainAsync();
        await WorksAgainAsync();
        await AllArriveAsync();
    }

    [Fact]
    public async Task Hanging_broker_is_reported_as_a_fault_and_works_again_afterwards()
    {
        await NewAsync(1);

        _server.Pause();
        // The first publish gets no confirm, the next no channel, the third no connection.
        for (var i = 0; i < 4; i++) await NothingIsTakenAsync();
        _server.Resume();
        await WorksAgainAsync();

        await AllArriveAsync();
    }

    [Fact]
    public async Task All_hanging_groups_end_and_their_connection_is_replaced()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _broker.Queue.EnqueueAsync([_newEvents.Next()])));

        _server.Pause();
        for (var i = 0; i < 2; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Should.ThrowAsync<BackendUnavailableException>(
                () => _broker.Queue.EnqueueAsync(_newEvents.Take(50)).WaitAsync(Until.Timeout))));
        }

        _server.Resume();
        await WorksAgainAsync();
    }

    [Fact]
    public async Task Consumer_stops_while_its_broker_hangs()
    {
        await NewAsync(1);
        using var stop = new CancellationTokenSource();
        var (storing, finish) = (new TaskCompletionSource(), new TaskCompletionSource());
        var consuming = _broker.Queued.ConsumeAsync(
            _ =>
            {
                storing.TrySetResult();
                return finish.Task;
            },
            stop.Token);
        await storing.Task.WaitAsync(Until.Timeout);

        _server.Pause();
        finish.SetResult();
        await stop.CancelAsync();
        await consuming.WaitAsync(Until.Timeout);
        _server.Resume();
    }

    [Fact]
    public async Task Broker_out_of_memory_is_reported_at_once_and_accepts_messages_again_afterwards()
    {
        await NewAsync(1);

        await _server.SetMemoryAlarmAsync(true);
        // The broker blocks a connection only when it publishes.
        var message = await Until.TrueAsync(
            FaultAsync, fault => fault?.Contains("blocks publishing", StringComparison.Ordinal) == true);
        message.ShouldNotBeNull().ShouldContain("memory");
        await NothingIsTakenAsync();
        var arriving = _broker.ArrivedAsync(_answeredNew.Count);
        await _server.SetMemoryAlarmAsync(false);
        await WorksAgainAsync();

        // Connections that only acknowledge are never blocked.
        (await arriving).ShouldNotBeEmpty();
    }

    private async Task NewAsync(int count)
    {
        var group = _newEvents.Take(count);
        (await _broker.Queue.EnqueueAsync(group)).ShouldAllBe(answer => answer == EnqueueResult.New);
        lock (_answeredNew) _answeredNew.AddRange(group.Select(e => e.Key));
    }

    private async Task EnqueueUntilItFailsAsync()
    {
        while (true)
        {
            AcceptedEvent[] group;
            lock (_newEvents) group = _newEvents.Take(50);
            try
            {
                var answers = await _broker.Queue.EnqueueAsync(group);
                var confirmed = group.Where((_, i) => answers[i] == EnqueueResult.New).Select(e => e.Key);
                lock (_answeredNew) _answeredNew.AddRange(confirmed);
            }
            catch (BackendUnavailableException)
            {
                return;
            }
        }
    }

    private async Task NothingIsTakenAsync()
    {
        await Should.ThrowAsync<BackendUnavailableException>(
            () => _broker.Queue.EnqueueAsync(_newEvents.Take(3)).WaitAsync(Until.Timeout));
        await Should.ThrowAsync<BackendUnavailableException>(() => _broker.Queue.ProbeAsync().WaitAsync(Until.Timeout));
    }

    private async Task<string?> FaultAsync()
    {
        try
        {
            await NewAsync(1);
            return null;
        }
        catch (BackendUnavailableException fault)
        {
            return fault.Message;
        }
    }

    private async Task WorksAgainAsync()
    {
        await Until.TrueAsync(FaultAsync, fault => fault is null);
        await _broker.Queue.ProbeAsync();
        await _broker.ConnectAdminAsync();
    }

    /// <summary>More events may arrive: after a fault their durability is unknown.</summary>
    private async Task AllArriveAsync()
    {
        var missing = _answeredNew.ToHashSet();
        using var enough = new CancellationTokenSource();
        await _broker.Queued.ConsumeAsync(
            async group =>
            {
                missing.ExceptWith(group.Select(e => e.Key));
                if (missing.Count == 0) await enough.CancelAsync();
            },
            enough.Token).WaitAsync(Until.Timeout);
    }

    /// <summary>One server for all tests, because a start takes seconds. The first test starts it, so that it can skip.</summary>
    public sealed class OwnServer : IAsyncDisposable
    {
        private Task<RabbitMqServer>? _server;

        public Task<RabbitMqServer> ServerAsync() => _server ??= RabbitMqServer.StartAsync();

        public async ValueTask DisposeAsync()
        {
            if (_server is { IsCompletedSuccessfully: true }) await (await _server).DisposeAsync();
        }
    }
}
