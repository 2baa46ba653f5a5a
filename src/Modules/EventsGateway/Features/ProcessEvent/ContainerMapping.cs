using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Sources;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>
/// The attempt of a replayed container: its request is mapped again, as its source is configured now. The events are written into
/// the container before any is added. Once they are there they are not mapped again: after a crash, a mapping that was changed
/// meanwhile would make other keys of the same items.
/// </summary>
internal sealed class ContainerMapping(
    CurrentSources sources, IEventRepository events, EffectiveTimePolicy times, TimeProvider time)
{
    private const int NamedKeys = 20;

    public async Task<AttemptOutcome> MapAsync(Attempt attempt)
    {
        var container = attempt.Event;
        if (container.Mapped is not { } mapped)
        {
            var (canonical, error) = Map(container);
            if (error is not null) return attempt.Unmapped(error);
            mapped = AcceptedEventEncoding.EncodeAll(canonical);
            if (!await events.SaveMappedAsync(container.Key, attempt.Token, mapped)) return Lost(attempt);
        }

        var all = mapped.Length == 1 ? [] : AcceptedEventEncoding.Decode(mapped, time.GetUtcNow());
        return await events.AddMappedAsync(container.Key, attempt.Token, times.Apply(all))
            ? attempt.Mapped(TextOf(all))
            : Lost(attempt);
    }

    private static AttemptOutcome Lost(Attempt attempt) => attempt.Released(ReleasePolicy.Wait, "the claim was lost");

    private (IEnumerable<AcceptedEvent> Events, string? Error) Map(EventEntity container)
    {
        if (sources.Table.ByName(container.Source) is not { } source)
            return ([], $"the source {container.Source} is not configured here");
        var request = source.Mapping.Map(KeptValues.Read(container.Headers), container.Body, container.ReceivedAt);
        if (request.IsSkipped) return ([], null);
        var canonical = CanonicalEvents.Of(source, request, container.Body, container.SecretId, container.ReceivedAt)
            .Select(e => e with { Traceparent = container.Traceparent, RequestId = container.RequestId });
        return (canonical, CanonicalEvents.ErrorOf(request));
    }

    private static string TextOf(List<AcceptedEvent> all)
    {
        if (all.Count == 0) return "mapped to no event";
        var more = all.Count > NamedKeys ? $" and {all.Count - NamedKeys} more" : "";
        return $"mapped to {string.Join(", ", all.Take(NamedKeys).Select(e => e.Key))}{more}";
    }
}
