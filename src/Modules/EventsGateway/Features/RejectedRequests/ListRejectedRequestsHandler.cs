using FluentValidation;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Monitoring.Processes;
using Gateway.EventsGateway.Repositories;
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
    RejectedRequestLog requests, RejectionCounts counts, OtherProcesses others, TimeProvider time,
    IRejectionRepository? store = null)
    : IRequestHandler<ListRejectedRequestsQuery, RejectedRequestPage>
{
    private const int MaxCounts = 1000;

    public async Task<RejectedRequestPage> Handle(ListRejectedRequestsQuery request, CancellationToken cancellationToken)
    {
        var (elsewhere, fault) = await TryAsync(() => others.ReadAsync<List<RejectedRequest>>(ProcessHeartbeat.RejectedTopic));
        var (withoutStore, _) = await TryAsync(() => others.ReadAsync<List<RejectionCount>>(RejectionCountsWriter.Topic));
        var (stored, storeFault) = await TryAsync(async () => store is null
            ? []
            : await store.ListAsync(RejectionHour.OldestAt(time.GetUtcNow()), cancellationToken));
        var all = requests.Latest(RejectedRequestLog.Capacity).Concat(elsewhere.SelectMany(one => one.Content))
            .Where(one => request.RequestId is null || one.RequestId == request.RequestId)
            .OrderByDescending(one => one.At, StringComparer.Ordinal);
        return new RejectedRequestPage(
            [.. all.Take(request.PageSize!.Value)],
            [.. Sums(stored.Concat(counts.Read()).Concat(withoutStore.SelectMany(one => one.Content)))], fault ?? storeFault);
    }

    private static IEnumerable<RejectionCountDto> Sums(IEnumerable<RejectionCount> counts)
        => counts.GroupBy(one => one.Hour, one => one.Count)
            .Select(hour => (Hour: hour.Key, Count: hour.Sum()))
            .OrderByDescending(one => one.Hour.Start).ThenByDescending(one => one.Count).Take(MaxCounts)
            .Select(one => new RejectionCountDto(
                IsoTime.Text(one.Hour.Start), one.Hour.Source.Length == 0 ? null : one.Hour.Source, one.Hour.Reason, one.Count));

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
