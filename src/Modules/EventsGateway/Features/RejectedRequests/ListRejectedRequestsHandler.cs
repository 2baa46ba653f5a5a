using FluentValidation;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Monitoring.History;
using Gateway.EventsGateway.Monitoring.Processes;
using Gateway.Shared.Errors;
using Gateway.Shared.Time;
using MediatR;

namespace Gateway.EventsGateway.Features.RejectedRequests;

/// <param name="Items">Newest first.</param>
/// <param name="Counts">All rejected requests of the last 24 hours, also those without a record: the newest hour first.</param>
/// <param name="Fault">Why those of other processes, or the stored counts, are unknown; null where they are known.</param>
public sealed record RejectedRequestPage(
    IReadOnlyList<RejectedRequest> Items, IReadOnlyList<RejectionCountDto> Counts, string? Fault = null);

/// <param name="Hour">The start of the hour.</param>
/// <param name="Source">The source whose path they were sent to; null where they reached none.</param>
/// <param name="Reason">As of a rejected request.</param>
/// <param name="Count">Their number.</param>
public sealed record RejectionCountDto(string Hour, string? Source, string Reason, long Count);

internal sealed record ListRejectedRequestsQuery(string? Limit, string? RequestId = null) : IRequest<RejectedRequestPage>
{
    public int? PageSize => Features.PageSize.Of(Limit);
}

internal sealed class ListRejectedRequestsValidator : AbstractValidator<ListRejectedRequestsQuery>
{
    public ListRejectedRequestsValidator() => RuleFor(query => query.PageSize).MustBeAPageSize();
}

/// <summary>Those of this process as they are now, those of the others as they were some seconds ago.</summary>
internal sealed class ListRejectedRequestsHandler(
    RejectedRequestLog requests, HistoryReader history, OtherProcesses others, TimeProvider time)
    : IRequestHandler<ListRejectedRequestsQuery, RejectedRequestPage>
{
    private const int MaxCounts = 1000;
    private const int Hours = 24;
    private const int Hour = 3600;

    public async Task<RejectedRequestPage> Handle(ListRejectedRequestsQuery request, CancellationToken cancellationToken)
    {
        var (elsewhere, fault) = await TryAsync(() => others.ReadAsync<List<RejectedRequest>>(ProcessHeartbeat.RejectedTopic));
        var first = HistoryStep.Floor(time.GetUtcNow(), Hour).AddHours(1 - Hours);
        var (rows, storeFault) = await history.ReadAsync(
            HistoryStep.Long, first, first.AddHours(Hours), cancellationToken);
        var hours = new HistoryPoints(first, Hour, Hours);
        hours.Add(rows, source: null);
        var all = requests.Latest(RejectedRequestLog.Capacity).Concat(elsewhere.SelectMany(one => one.Content))
            .Where(one => request.RequestId is null || one.RequestId == request.RequestId)
            .OrderByDescending(one => one.At, StringComparer.Ordinal);
        return new RejectedRequestPage(
            [.. all.Take(request.PageSize!.Value)],
            [.. Enumerable.Range(1, Hours).SelectMany(back => CountsOf(hours, Hours - back)).Take(MaxCounts)],
            fault ?? (history.HasStore ? storeFault : null));
    }

    private static IEnumerable<RejectionCountDto> CountsOf(HistoryPoints hours, int hour)
        => from one in hours.Of(hour, "rejected")
           where one.Value > 0
           orderby one.Value descending
           select new RejectionCountDto(
               IsoTime.Text(hours.StartOf(hour)), one.Key.Source == GatewayMetrics.NoSource ? null : one.Key.Source, one.Key.Of,
               one.Value);

    private static async Task<(IReadOnlyList<T> Found, string? Fault)> TryAsync<T>(Func<Task<IReadOnlyList<T>>> read)
    {
        try
        {
            return (await read(), null);
        }
        catch (BackendUnavailableException fault)
        {
            return ([], fault.Message);
        }
    }
}
