using System.Text.Json.Serialization;
using FluentValidation;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Time;
using MediatR;

namespace Gateway.EventsGateway.Features.ListEvents;

/// <param name="Items">Newest first.</param>
/// <param name="NextCursor">The cursor of the next page; null on the last page.</param>
/// <param name="SearchedFrom">On the last page of a search that did not read the whole store: earlier events may match.</param>
public sealed record ListEventsResponse(
    IReadOnlyList<EventSummaryDto> Items, string? NextCursor,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SearchedFrom);

/// <param name="Filter">The filter.</param>
/// <param name="Limit">The page size, as sent.</param>
/// <param name="Cursor">The cursor, as sent.</param>
/// <param name="Names">All parameter names as sent.</param>
internal sealed record ListEventsQuery(EventFilterDto Filter, string? Limit, string? Cursor, IReadOnlyList<string> Names)
    : IRequest<ListEventsResponse>
{
    public int? PageSize => Features.PageSize.Of(Limit);

    public EventCursor? After => Cursor is null ? null : EventCursorText.Parse(Cursor);
}

internal sealed class ListEventsValidator : AbstractValidator<ListEventsQuery>
{
    public ListEventsValidator()
    {
        RuleFor(query => query.Names).MustBeFiltersOr("limit", "cursor");
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
        var search = await EventSearch.OfAsync(events, request.Filter.ToFilter(), isCount: false, cancellationToken);
        var page = EventPage.Of(await events.ListAsync(search.Filter, request.After, limit + 1, cancellationToken), limit);
        return new ListEventsResponse(
            page.Items, page.NextCursor,
            page.NextCursor is null && search.From is { } from ? IsoTime.Text(from) : null);
    }
}
