using System.Text;
using CsCheck;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Features.ProcessEvent;
using Gateway.Shared.Time;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Tests.Contracts.ShipmentRepository;

/// <summary>
/// Arrival decides: generated sequences of one number in the real store. Each phase is one use of the number; within it the
/// events arrive in any order, with any time and precision, are accepted twice, and are tried in any order and any number of
/// times, also again in later phases (retries, kills, replays).
/// </summary>
public abstract partial class ShipmentRepositoryContract
{
    private static readonly string[] Precisions =
        ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmZ", "yyyy-MM-ddTHH:mm:ssZ", "yyyy-MM-ddTHH:mm:ss.fffZ"];

    private readonly RoutingDecisionPolicy _policy = new(Options.Create(new ProcessingOptions()));

    [Fact]
    public Task Event_that_arrived_before_the_end_is_routed_and_the_state_is_that_of_the_model()
        => Gen.Int.Positive.SampleAsync(
            async seed =>
            {
                var random = new Random(seed);
                var name = $"arrival-{Interlocked.Increment(ref _shipments)}";
                var all = new List<EventKey>();
                var model = new Model();
                for (var phase = 0; phase < random.Next(1, 4); phase++)
                {
                    _store.Time.Advance(TimeSpan.FromDays(62));
                    var added = new List<EventKey>();
                    for (var i = 0; i < random.Next(1, 7); i++) added.Add(await AddAsync(random, name, $"{name}-{phase}-{i}"));
                    var events = await StoredAsync(added);
                    model.Begin(events);
                    all.AddRange(added);
                    // Each of this phase at least once, and again some of it and of what was before. One of this phase is the
                    // first, because until then the number has its last use.
                    EventEntity[] tries = [.. events[1..], .. await StoredAsync(random.GetItems([.. all], random.Next(0, 6)))];
                    random.Shuffle(tries);
                    foreach (var group in new[] { events[0] }.Concat(tries).Chunk(random.Next(1, 4)))
                        await TryAsync(group, model, seed);
                    if (random.Next(4) == 0) await _store.ReopenAsync();
                    if (random.Next(5) > 0) continue;
                    _store.Time.Advance(TimeSpan.FromMinutes(1));
                    await _store.Shipments.ReopenAsync(new ShipmentKey("dhl", name));
                    model.Reopen(_store.Time.GetUtcNow());
                }

                await TryAsync(await StoredAsync(all), model, seed);
                (await FindAsync(name)).ShouldSatisfyAllConditions(
                    $"seed {seed}",
                    state => state.Since.ShouldBe(model.Since), state => state.End.ShouldBe(model.End),
                    state => state.EndReceivedAt.ShouldBe(model.EndReceivedAt),
                    state => state.LastEventAt.ShouldBe(model.Current.Max(e => (DateTimeOffset?)e.EffectiveAt)),
                    state => state.HasEnded.ShouldBe(model.End is not null));
            },
            iter: 120, threads: 1);

    private async Task TryAsync(EventEntity[] group, Model model, int seed)
    {
        var states = await _store.ApplyAsync(group);
        for (var i = 0; i < group.Length; i++)
        {
            var decision = _policy.DecisionFor(group[i], states[i]);
            if (model.MustRoute(group[i])) decision.ShouldBe(RoutingDecision.Route, $"seed {seed}: {group[i].Key}");
            else if ((states[i].End, states[i].EndReceivedAt) == (model.End, model.EndReceivedAt))
                decision.ShouldBe(model.DecisionAfterEnd(group[i]), $"seed {seed}: {group[i].Key}");
        }
    }

    private async Task<EventKey> AddAsync(Random random, string shipment, string id)
    {
        _store.Time.Advance(TimeSpan.FromSeconds(random.Next(0, 90)));
        var now = _store.Time.GetUtcNow();
        var text = random.Next(8) == 0 ? "1970-01-01T00:00:00Z"
            : now.AddMinutes(random.Next(-60, 1)).ToString(random.GetItems(Precisions, 1)[0], null);
        var e = new AcceptedEvent
        {
            AcceptId = Guid.NewGuid(), Key = new EventKey("dhl", id), MerchantId = "m-1", ShipmentId = shipment,
            Type = (EventType)random.Next(1, 5), OccurredAt = IsoTime.Parse(text)!.Value,
            ReceivedAt = now.AddSeconds(random.Next(-120, 120)), Body = Encoding.UTF8.GetBytes($$"""{"occurredAt":"{{text}}"}"""),
        };
        var again = e with { AcceptId = Guid.NewGuid(), ReceivedAt = e.ReceivedAt.AddSeconds(random.Next(-60, 60)) };
        await _store.Events.AddAsync(StoreHarness.EffectiveTimes.Apply(random.Next(3) == 0 ? [e, again] : [e]));
        return e.Key;
    }

    private async Task<EventEntity[]> StoredAsync(IEnumerable<EventKey> keys)
    {
        var stored = new List<EventEntity>();
        foreach (var key in keys) stored.Add((await _store.Queries.FindAsync(key, CancellationToken.None)).ShouldNotBeNull());
        return [.. stored];
    }

    /// <summary>What the events of the current cycle say, without any order.</summary>
    private sealed class Model
    {
        public List<EventEntity> Current { get; } = [];

        public DateTimeOffset? Since { get; private set; }

        public string? End => Current.Select(ShipmentEntity.EndOf).OfType<string>().Min(StringComparer.Ordinal);

        public DateTimeOffset? EndReceivedAt => Current.Where(e => e.EndsShipment).Min(e => (DateTimeOffset?)e.ReceivedAt);

        public void Begin(IReadOnlyList<EventEntity> events)
        {
            if (EndReceivedAt is { } ended) Reopen(ended + StoreHarness.NewCycleAfter);
            Current.AddRange(events);
        }

        public void Reopen(DateTimeOffset since)
        {
            Since = since;
            Current.Clear();
        }

        /// <summary>All ends that can be applied are in the model: no later attempt may find an earlier one.</summary>
        public bool MustRoute(EventEntity e)
            => e.ReceivedAt <= Since || EndReceivedAt is not { } ended || e.ReceivedAt <= ended
                || ShipmentEntity.PositionOf(e) == End;

        public RoutingDecision DecisionAfterEnd(EventEntity e)
            => string.CompareOrdinal(IsoTime.Text(e.EffectiveAt), End![..24]) <= 0
                ? RoutingDecision.Late
                : RoutingDecision.ShipmentEnded;
    }
}
