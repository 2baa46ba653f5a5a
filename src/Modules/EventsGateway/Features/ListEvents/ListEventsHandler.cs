using FluentValidation;
using Gateway.EventsGateway.Repositories;
using MediatR;

namespace Gateway.EventsGateway.Features.ListEvents;

/// <param name="Items">Newest first.</param>
/// <param name="NextCursor">The cursor of the next page; null on the last page.</param>
public sealed record ListEventsResponse(IReadOnlyList<EventSummaryDto> Items, string? NextCursor);

/// <param name="Filter">The filter.</param>
/// <param name="Limit">The page size, as sent.</param>
/// <param name="Cursor">The cursor, as sent.</param>
/// <param name="Names">All parameter names as sent: without this check a misspelled filter would list everything.</param>
internal sealed record ListEventsQuery(EventFilterDto Filter, string? Limit, string? Cursor, IReadOnlyList<string> Names)
    : IRequest<ListEventsResponse>
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
            foreach (var name in names.Where(name => !Known.Contains(name)).Distinct())
                context.AddFailure(name, $"{name} is not a known parameter");
            foreach (var (name, _) in names.CountBy(name => name).Where(given => given.Value > 1))
                context.AddFailure(name, $"{name} must be given once");
        });
        RuleFor(query => query.Filter).SetValidator(new EventFilterRules()).OverridePropertyName("");
        RuleFor(query => query.PageSize).MustBeAPageSize();
        RuleFor(query => query.After).MustBeACursor(query => query.Cursor);
    }
}

internal sealed class ListEventsHandler(IEventQueries events) : IRequestHandler<ListEventsQuery, ListEventsResponse>
{
    public async Task<ListEventsResponse> Handle(ListEventsQuery request, CancellationToken cancellationToken)
    {
        var limit = request.PageSize!.Value;
        var page = EventPage.Of(
            await events.ListAsync(request.Filter.ToFilter(), request.After, limit + 1, cancellationToken), limit);
        return new ListEventsResponse(page.Items, page.NextCursor);
    }
}
