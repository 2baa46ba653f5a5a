using FluentValidation;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Monitoring.Processes;
using Gateway.Shared.Errors;
using MediatR;

namespace Gateway.EventsGateway.Features.RejectedRequests;

/// <param name="Items">Newest first.</param>
/// <param name="Fault">Why those of other processes are unknown; null where they are known.</param>
public sealed record RejectedRequestPage(IReadOnlyList<RejectedRequest> Items, string? Fault = null);

internal sealed record ListRejectedRequestsQuery(string? Limit, string? RequestId = null) : IRequest<RejectedRequestPage>
{
    public int? PageSize => Features.PageSize.Of(Limit);
}

internal sealed class ListRejectedRequestsValidator : AbstractValidator<ListRejectedRequestsQuery>
{
    public ListRejectedRequestsValidator() => RuleFor(query => query.PageSize).MustBeAPageSize();
}

/// <summary>Those of this process as they are now, those of the others as they were some seconds ago.</summary>
internal sealed class ListRejectedRequestsHandler(RejectedRequestLog requests, OtherProcesses others)
    : IRequestHandler<ListRejectedRequestsQuery, RejectedRequestPage>
{
    public async Task<RejectedRequestPage> Handle(ListRejectedRequestsQuery request, CancellationToken cancellationToken)
    {
        var (elsewhere, fault) = await ElsewhereAsync();
        var all = requests.Latest(RejectedRequestLog.Capacity).Concat(elsewhere)
            .Where(one => request.RequestId is null || one.RequestId == request.RequestId)
            .OrderByDescending(one => one.At, StringComparer.Ordinal);
        return new RejectedRequestPage([.. all.Take(request.PageSize!.Value)], fault);
    }

    private async Task<(IEnumerable<RejectedRequest> Requests, string? Fault)> ElsewhereAsync()
    {
        try
        {
            var lists = await others.ReadAsync<List<RejectedRequest>>(ProcessHeartbeat.RejectedTopic);
            return (lists.SelectMany(one => one.Content), null);
        }
        catch (BackendUnavailableException fault)
        {
            return ([], fault.Message);
        }
    }
}
