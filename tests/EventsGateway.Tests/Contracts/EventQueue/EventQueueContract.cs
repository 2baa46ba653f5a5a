using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Queue;
using Gateway.Shared.Errors;

namespace Gateway.EventsGateway.Tests.Contracts.EventQueue;

/// <summary>The guarantees of every event queue.</summary>
public abstract class EventQueueContract : IAsyncLifetime
{
    private readonly QueueHarness _queue;
    private readonly AcceptedEvents _newEvents = new(TimeProvider.System);

    private protected EventQueueContract(QueueHarness queue) => _queue = queue;

    public static TheoryData<string> HostileIds => AcceptedEvents.HostileIds;

    public ValueTask InitializeAsync() => _queue.OpenAsync();

    public ValueTask DisposeAsync() => _queue.DisposeAsync();

    [Fact]
    [Trait("Defect", "R3")]
    [Trait("Defect", "R8")]
    public async Task Event_reported_new_arrives_after_a_restart_with_every_field()
    {
        var e = _newEvents.Next() with { Headers = """{"user-agent":"courier/1"}""", Traceparent = "00-a-b-01" };
        (await _queue.Queue.EnqueueAsync([e])).ShouldBe([EnqueueResult.New]);

        await _queue.ReopenAsync();

        var arrived = (await _queue.ArrivedAsync(1)).ShouldHaveSingleItem();
        arrived.Body.ShouldBe(e.Body);
        (arrived with { Body = e.Body, AcceptId = e.AcceptId }).ShouldBe(e);
    }

    [Fact]
    public async Task Event_of_a_source_arrives_with_every_field()
    {
        var e = _newEvents.OfSource();
        await _queue.Queue.EnqueueAsync([e]);

        var arrived = (await _queue.ArrivedAsync(1)).ShouldHaveSingleItem();

        (arrived with { Body = e.Body, AcceptId = e.AcceptId }).ShouldBe(e);
    }

    [Fact]
    [Trait("Defect", "S6")]
    public async Task Body_arrives_byte_for_byte()
    {
        byte[] body = [0xEF, 0xBB, 0xBF, .. """{"weight" : 12345678901234567890, "one":1.0}"""u8, 0, 255, 13, 10];

        await _queue.Queue.EnqueueAsync([_newEvents.Next() with { Body = body }]);

        (await _queue.ArrivedAsync(1)).ShouldHaveSingleItem().Body.ShouldBe(body);
    }

    [Fact]
    public async Task Every_event_of_a_large_group_is_answered_and_arrives()
    {
        var group = _newEvents.Take(600);

        var answers = await _queue.Queue.EnqueueAsync(group);

        answers.Count.ShouldBe(600);
        answers.ShouldAllBe(answer => answer == EnqueueResult.New);
        (await _queue.ArrivedAsync(600)).Select(e => e.Key).ShouldBe(group.Select(e => e.Key), ignoreOrder: true);
    }

    [Fact]
    public async Task All_parallel_groups_arrive()
    {
        var groups = Enumerable.Range(0, 20).Select(_ => _newEvents.Take(10)).ToArray();

        await Task.WhenAll(groups.Select(group => Task.Run(() => _queue.Queue.EnqueueAsync(group))));

        (await _queue.ArrivedAsync(200)).Select(e => e.Key)
            .ShouldBe(groups.SelectMany(group => group).Select(e => e.Key), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(HostileIds))]
    [Trait("Defect", "B2")]
    public async Task Event_with_any_id_arrives(string id)
    {
        var e = _newEvents.Next() with { Key = new EventKey(id, id), MerchantId = id, ShipmentId = id };

        (await _queue.Queue.EnqueueAsync([e])).ShouldBe([EnqueueResult.New]);

        var arrived = (await _queue.ArrivedAsync(1)).ShouldHaveSingleItem();
        arrived.Key.ShouldBe(e.Key);
        arrived.MerchantId.ShouldBe(id);
        arrived.ShipmentId.ShouldBe(id);
    }

    [Fact]
    [Trait("Defect", "B3")]
    public async Task Same_id_of_two_companies_is_two_events()
    {
        var dhl = _newEvents.Next() with { Key = new EventKey("dhl", "1") };

        (await _queue.Queue.EnqueueAsync([dhl, dhl with { Key = new EventKey("aramex", "1") }]))
            .ShouldBe([EnqueueResult.New, EnqueueResult.New]);

        (await _queue.ArrivedAsync(2)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Working_queue_answers_its_probe() => await _queue.Queue.ProbeAsync();

    [Fact]
    [Trait("Defect", "R2")]
    [Trait("Defect", "B1")]
    public async Task Unavailable_queue_throws_and_never_reports_new()
    {
        await _queue.BreakAsync();

        await Should.ThrowAsync<BackendUnavailableException>(() => _queue.Queue.EnqueueAsync([_newEvents.Next()]));
        await Should.ThrowAsync<BackendUnavailableException>(() => _queue.Queue.ProbeAsync());
    }
}
