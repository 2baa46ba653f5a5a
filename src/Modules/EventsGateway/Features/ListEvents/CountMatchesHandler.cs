using FluentValidation;
using Gateway.EventsGateway.Repositories;
using MediatR;

namespace Gateway.EventsGateway.Features.ListEvents;

/// <param name="Count">Matching events, at most 10,000.</param>
/// <param name="IsCapped">There may be more.</param>
public sealed record CountMatchesResponse(int Count, bool IsCapped);

/// <param name="Filter">The filter.</param>
/// <param name="Names">All parameter names as sent.</param>
internal sealed record CountMatchesQuery(EventFilterDto Filter, IReadOnlyList<string> Names) : IRequest<CountMatchesResponse>;

internal sealed class CountMatchesValidator : AbstractValidator<CountMatchesQuery>
{
    public CountMatchesValidator()
    {
        RuleFor(query => query.Names).MustBeFiltersOr();
        RuleFor(query => query.Filter).SetValidator(new EventFilterRules()).OverridePropertyName("");
    }
}

internal sealed class CountMatchesHandler(IEventQueries events) : IRequestHandler<CountMatchesQuery, CountMatchesResponse>
{
    private const int Most = 10_000;

    public async Task<CountMatchesResponse> Handle(CountMatchesQuery request, CancellationToken cancellationToken)
    {
        var search = await EventSearch.OfAsync(events, request.Filter.ToFilter(), isCount: true, cancellationToken);
        var found = await events.CountAsync(search.Filter, Most + 1, cancellationToken);
        return new CountMatchesResponse(Math.Min(found, Most), found > Most || search.From is not null);
    }
}
