using System.ComponentModel;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Time;
using MediatR;

namespace Gateway.EventsGateway.Features.ListFailures;

/// <param name="Groups">The largest first, 100 at most.</param>
/// <param name="Total">Failed events in all.</param>
public sealed record FailuresResponse(IReadOnlyList<FailureView> Groups, long Total);

public sealed record FailureView
{
    internal FailureView(FailureGroup group)
    {
        Outcome = group.Outcome;
        Error = group.Error;
        Count = group.Count;
        OldestReceivedAt = IsoTime.Text(group.Oldest);
        NewestReceivedAt = IsoTime.Text(group.Newest);
        Replayable = !EventOutcome.NotReplayable.Contains(group.Outcome);
    }

    [Description(FailureReasonText.OneOf)]
    public string Outcome { get; }

    /// <summary>The last error of each of them; null where each has its own.</summary>
    public string? Error { get; }

    public long Count { get; }

    public string OldestReceivedAt { get; }

    public string NewestReceivedAt { get; }

    /// <summary>False for what nobody could read or store: it has nothing to be processed.</summary>
    public bool Replayable { get; }
}

internal sealed record ListFailuresQuery : IRequest<FailuresResponse>;

internal sealed class ListFailuresHandler(IEventQueries events) : IRequestHandler<ListFailuresQuery, FailuresResponse>
{
    private const int MostGroups = 100;

    public async Task<FailuresResponse> Handle(ListFailuresQuery request, CancellationToken cancellationToken)
    {
        var failures = await events.GroupFailuresAsync(MostGroups, cancellationToken);
        return new FailuresResponse([.. failures.Groups.Select(group => new FailureView(group))], failures.Total);
    }
}
