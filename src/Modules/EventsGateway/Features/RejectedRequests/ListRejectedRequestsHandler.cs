using FluentValidation;
using Gateway.EventsGateway.Monitoring;
using MediatR;

namespace Gateway.EventsGateway.Features.RejectedRequests;

/// <param name="Items">Newest first.</param>
public sealed record RejectedRequestPage(IReadOnlyList<RejectedRequest> Items);

internal sealed record ListRejectedRequestsQuery(string? Limit, string? RequestId = null) : IRequest<RejectedRequestPage>
{
    public int? PageSize => Features.PageSize.Of(Limit);
}

internal sealed class ListRejectedRequestsValidator : AbstractValidator<ListRejectedRequestsQuery>
{
    public ListRejectedRequestsValidator() => RuleFor(query => query.PageSize).MustBeAPageSize();
}

internal sealed class ListRejectedRequestsHandler(RejectedRequestLog requests)
    : IRequestHandler<ListRejectedRequestsQuery, RejectedRequestPage>
{
    public Task<RejectedRequestPage> Handle(ListRejectedRequestsQuery request, CancellationToken cancellationToken)
        => Task.FromResult(new RejectedRequestPage(requests.Latest(request.PageSize!.Value, request.RequestId)));
}
