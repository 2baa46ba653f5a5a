using FluentValidation;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;
using MediatR;

namespace Gateway.EventsGateway.Features.ListEvents;

// The names as they were given, each as often, because a typo must not list everything.
internal sealed record ListEventsQuery(EventFilterDto Filter, string? Limit, string? Cursor, IReadOnlyList<string> Names)
    : IRequest<EventPage>
{
    public int? PageSize => Features.PageSize.Of(Limit);

    public EventCursor? After => Cursor is null ? null : EventCursorText.Parse(Cursor);
}

internal sealed class ListEventsValidator : AbstractValidator<ListEventsQuery>
{
    private static readonly HashSet<string> Known = new(
        [.. typeof(EventFilterDto).GetProperties().Select(property => property.Name), "limit", "cursor"],
        StringComparer.OrdinalIgnoreCase);

    public ListEventsValidator()
    {
        RuleFor(query => query.Names).Custom((names, context) =>
        {
            foreach (var name in names.Where(name => !Known.Contains(name)).Distinct()) context.AddFailure(name, $"{name} is not a known parameter");
            foreach (var name in names.CountBy(name => name).Where(given => given.Value > 1).Select(given => given.Key)) context.AddFailure(name, $"{name} must be given once");
        });
        RuleFor(query => query.Filter).SetValidator(new EventFilterRules()).OverridePropertyName("");
        RuleFor(query => query.PageSize).MustBeAPageSize();
        RuleFor(query => query.After).MustBeAPlace(query => query.Cursor);
    }
}

internal sealed class ListEventsHandler(IEventQueries events) : IRequestHandler<ListEventsQuery, EventPage>
{
    public async Task<EventPage> Handle(ListEventsQuery request, CancellationToken cancellationToken)
    {
        var limit = request.PageSize!.Value;
        // One more than asked for tells whether there is a next page.
        var found = await events.ListAsync(request.Filter.ToFilter(), request.After, limit + 1, cancellationToken);
        var next = found.Count > limit ? EventCursorText.Of(found[limit - 1]) : null;
        return new EventPage([.. found.Take(limit).Select(e => new EventSummary(e))], next);
    }
}

internal sealed record FindEventQuery(string Key) : IRequest<EventDetail?>;

internal sealed class FindEventHandler(IEventQueries events) : IRequestHandler<FindEventQuery, EventDetail?>
{
    public async Task<EventDetail?> Handle(FindEventQuery request, CancellationToken cancellationToken)
    {
        if (!EventKey.TryParse(request.Key, out var key)) return null;
        if (await events.FindAsync(key.Value, cancellationToken) is { } found) return new EventDetail(found);
        return await events.FindTombstoneAsync(key.Value, cancellationToken) is { } tombstone ? new EventDetail(request.Key, tombstone) : null;
    }
}

internal sealed record CountEventsQuery : IRequest<EventCountsView>;

/// <param name="events">The store.</param>
/// <param name="queued">None in the profile Embedded: there the store is the queue.</param>
internal sealed class CountEventsHandler(IEventQueries events, IEnumerable<IQueuedEvents> queued)
    : IRequestHandler<CountEventsQuery, EventCountsView>
{
    public async Task<EventCountsView> Handle(CountEventsQuery request, CancellationToken cancellationToken)
    {
        var counts = await events.CountAsync(cancellationToken);
        return new EventCountsView(
            counts.Accepted, counts.Pending, counts.Processed, counts.Failed, counts.OldestPending?.TotalSeconds, await QueuedAsync(),
            new RemovedCountsView(counts.Removed.Processed, counts.Removed.Failed));
    }

    private async Task<long?> QueuedAsync()
    {
        try
        {
            return queued.SingleOrDefault() is { } queue ? await queue.CountAsync() : null;
        }
        catch (BackendUnavailableException)
        {
            // A hint: a broker that is away has none to give, and readiness tells why.
            return null;
        }
    }
}
