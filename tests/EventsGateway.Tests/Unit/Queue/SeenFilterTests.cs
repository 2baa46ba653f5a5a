using System.Buffers.Binary;
using System.Security.Cryptography;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Telemetry;
using Gateway.Shared.Errors;
using Gateway.Shared.Idempotency;

namespace Gateway.EventsGateway.Tests.Unit.Queue;

public sealed class SeenFilterTests
{
    private const int Conflict = 203;
    private const int NotEnqueued = 204;

    private readonly SeenFilterBench _bench = new();

    private SeenFilter Filter => _bench.Filter;

    [Fact]
    public async Task R3_an_event_is_marked_only_after_it_is_durable()
    {
        (await Filter.EnqueueAsync(_bench.Couriers.Take(2))).ShouldBe([EnqueueResult.New, EnqueueResult.New]);

        _bench.Happened.ShouldBe(["durable 1 2", "marked 1 2"]);
    }

    [Fact]
    public async Task A_mark_names_the_acceptance_and_the_first_8_bytes_of_the_bodys_hash()
    {
        var e = _bench.Couriers.Next();

        await Filter.EnqueueAsync([e]);

        _bench.Marks[e.Key.ToString()].ShouldBe(
            new SeenMark(e.AcceptId, BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(e.Body).AsSpan(0, 8))));
    }

    [Fact]
    public async Task Seen_ones_stay_out_of_the_queue_and_answers_keep_the_order()
    {
        var second = await _bench.SeenAsync();
        var fourth = await _bench.SeenAsync();
        var (first, third) = (_bench.Couriers.Next(), _bench.Couriers.Next());

        (await Filter.EnqueueAsync([first, second, third, fourth]))
            .ShouldBe([EnqueueResult.New, EnqueueResult.Duplicate, EnqueueResult.New, EnqueueResult.Duplicate]);

        _bench.Happened.ShouldBe(["durable 3 4", "marked 3 4"]);
    }

    [Fact]
    public async Task When_all_are_seen_the_queue_is_not_asked()
    {
        var seen = await _bench.SeenAsync();
        _bench.Fault = new EngineFaultException("rabbitmq", "gone");

        (await Filter.EnqueueAsync([seen])).ShouldBe([EnqueueResult.Duplicate]);

        _bench.Happened.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_not_durable_is_not_marked_and_a_duplicate_of_the_queues_is()
    {
        var group = _bench.Couriers.Take(3);
        _bench.Answer = e => (EnqueueResult)Array.IndexOf(group, e);

        (await Filter.EnqueueAsync(group)).ShouldBe([EnqueueResult.NotDurable, EnqueueResult.New, EnqueueResult.Duplicate]);

        _bench.Happened.ShouldBe(["durable 1 2 3", "marked 2 3"]);
    }

    [Fact]
    public async Task R2_a_fault_of_the_queue_comes_out_and_nothing_is_marked()
    {
        _bench.Fault = new EngineFaultException("rabbitmq", "gone");

        await Should.ThrowAsync<EngineFaultException>(() => Filter.EnqueueAsync(_bench.Couriers.Take(2)));
        await Should.ThrowAsync<EngineFaultException>(Filter.ProbeAsync);

        _bench.Marks.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_fault_of_the_queue_does_not_take_the_seen_ones_along()
    {
        var seen = await _bench.SeenAsync();
        _bench.Fault = new EngineFaultException("rabbitmq", "gone");

        (await Filter.EnqueueAsync([_bench.Couriers.Next(), seen])).ShouldBe([EnqueueResult.NotDurable, EnqueueResult.Duplicate]);
        await Filter.EnqueueAsync([_bench.Couriers.Next(), seen]);

        _bench.Happened.ShouldBeEmpty();
        _bench.Logged.ShouldBe([NotEnqueued], "at most once a second");
    }

    [Fact]
    public async Task Another_body_under_a_seen_key_is_a_duplicate_and_told_once_a_second()
    {
        var other = (await _bench.SeenAsync()) with { Body = "{}"u8.ToArray() };

        (await Filter.EnqueueAsync([other, other])).ShouldBe([EnqueueResult.Duplicate, EnqueueResult.Duplicate]);
        _bench.Logged.ShouldBe([Conflict]);
        _bench.Kept.Latest(10).Select(kept => (kept.Reason, kept.EventId)).ShouldBe([(RefusalReason.Conflict, other.Key.EventId), (RefusalReason.Conflict, other.Key.EventId)]);

        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        await Filter.EnqueueAsync([other]);
        _bench.Logged.ShouldBe([Conflict, Conflict]);
    }

    [Fact]
    public async Task The_same_body_under_a_seen_key_is_no_conflict()
    {
        await Filter.EnqueueAsync([await _bench.SeenAsync()]);

        _bench.Logged.ShouldBeEmpty();
    }
}
