using System.Buffers.Binary;
using System.Security.Cryptography;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Queue;
using Gateway.Shared.Errors;
using Gateway.Shared.Idempotency;

namespace Gateway.EventsGateway.Tests.Queue;

public sealed class DeduplicationFilterTests
{
    private const int Conflict = 203;
    private const int NotEnqueued = 204;

    private readonly DeduplicationFilterFixture _fixture = new();

    private DeduplicationFilter Filter => _fixture.Filter;

    [Fact]
    public async Task R3_an_event_is_marked_only_after_it_is_durable()
    {
        (await Filter.EnqueueAsync(_fixture.Couriers.Take(2))).ShouldBe([EnqueueResult.New, EnqueueResult.New]);

        _fixture.Happened.ShouldBe(["durable 1 2", "marked 1 2"]);
    }

    [Fact]
    public async Task A_mark_names_the_acceptance_and_the_first_8_bytes_of_the_bodys_hash()
    {
        var e = _fixture.Couriers.Next();

        await Filter.EnqueueAsync([e]);

        _fixture.Marks[e.Key.ToString()].ShouldBe(
            new CacheEntry(e.AcceptId, BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(e.Body).AsSpan(0, 8))));
    }

    [Fact]
    public async Task Seen_ones_stay_out_of_the_queue_and_answers_keep_the_order()
    {
        var second = await _fixture.SeenAsync();
        var fourth = await _fixture.SeenAsync();
        var (first, third) = (_fixture.Couriers.Next(), _fixture.Couriers.Next());

        (await Filter.EnqueueAsync([first, second, third, fourth]))
            .ShouldBe([EnqueueResult.New, EnqueueResult.Duplicate, EnqueueResult.New, EnqueueResult.Duplicate]);

        _fixture.Happened.ShouldBe(["durable 3 4", "marked 3 4"]);
    }

    [Fact]
    public async Task When_all_are_seen_the_queue_is_not_asked()
    {
        var seen = await _fixture.SeenAsync();
        _fixture.Fault = new BackendUnavailableException("rabbitmq", "gone");

        (await Filter.EnqueueAsync([seen])).ShouldBe([EnqueueResult.Duplicate]);

        _fixture.Happened.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_not_durable_is_not_marked_and_a_duplicate_of_the_queues_is()
    {
        var group = _fixture.Couriers.Take(3);
        _fixture.Answer = e => (EnqueueResult)Array.IndexOf(group, e);

        (await Filter.EnqueueAsync(group)).ShouldBe([EnqueueResult.NotDurable, EnqueueResult.New, EnqueueResult.Duplicate]);

        _fixture.Happened.ShouldBe(["durable 1 2 3", "marked 2 3"]);
    }

    [Fact]
    public async Task R2_a_fault_of_the_queue_comes_out_and_nothing_is_marked()
    {
        _fixture.Fault = new BackendUnavailableException("rabbitmq", "gone");

        await Should.ThrowAsync<BackendUnavailableException>(() => Filter.EnqueueAsync(_fixture.Couriers.Take(2)));
        await Should.ThrowAsync<BackendUnavailableException>(Filter.ProbeAsync);

        _fixture.Marks.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_fault_of_the_queue_does_not_take_the_seen_ones_along()
    {
        var seen = await _fixture.SeenAsync();
        _fixture.Fault = new BackendUnavailableException("rabbitmq", "gone");

        (await Filter.EnqueueAsync([_fixture.Couriers.Next(), seen])).ShouldBe([EnqueueResult.NotDurable, EnqueueResult.Duplicate]);
        await Filter.EnqueueAsync([_fixture.Couriers.Next(), seen]);

        _fixture.Happened.ShouldBeEmpty();
        _fixture.Logged.ShouldBe([NotEnqueued], "at most once a second");
    }

    [Fact]
    public async Task Another_body_under_a_seen_key_is_a_duplicate_and_told_once_a_second()
    {
        var other = (await _fixture.SeenAsync()) with { Body = "{}"u8.ToArray() };

        (await Filter.EnqueueAsync([other, other])).ShouldBe([EnqueueResult.Duplicate, EnqueueResult.Duplicate]);
        _fixture.Logged.ShouldBe([Conflict]);
        _fixture.Kept.Latest(10).Select(kept => (kept.Reason, kept.EventId)).ShouldBe([(RejectionReason.Conflict, other.Key.EventId), (RejectionReason.Conflict, other.Key.EventId)]);

        _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        await Filter.EnqueueAsync([other]);
        _fixture.Logged.ShouldBe([Conflict, Conflict]);
    }

    [Fact]
    public async Task The_same_body_under_a_seen_key_is_no_conflict()
    {
        await Filter.EnqueueAsync([await _fixture.SeenAsync()]);

        _fixture.Logged.ShouldBeEmpty();
    }
}
