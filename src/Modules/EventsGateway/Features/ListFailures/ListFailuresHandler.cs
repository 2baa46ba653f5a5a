using System.ComponentModel;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Time;
using MediatR;

namespace Gateway.EventsGateway.Features.ListFailures;

/// <param name="Groups">At most 100, the largest first.</param>
/// <param name="Total">All failed events, or those of the source.</param>
public sealed record ListFailuresResponse(IReadOnlyList<FailureGroupDto> Groups, long Total);

public sealed record FailureGroupDto
{
    internal FailureGroupDto(FailureGroup group)
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

    /// <summary>The last error of all events in the group; null if they differ.</summary>
    public string? Error { get; }

    public long Count { get; }

    public string OldestReceivedAt { get; }

    public string NewestReceivedAt { get; }

    /// <summary>False for quarantined events, which have no readable content to process.</summary>
    public bool Replayable { get; }
}

/// <param name="Source">Null: of all sources.</param>
internal sealed record ListFailuresQuery(string? Source) : IRequest<ListFailuresResponse>;

internal sealed class ListFailuresHandler(IEventQueries events) : IRequestHandler<ListFailuresQuery, ListFailuresResponse>
{
    private const int MaxGroups = 100;

    public async Task<ListFailuresResponse> Handle(ListFailuresQuery request, CancellationToken cancellationToken)
    {
        var failures = await events.GroupFailuresAsync(MaxGroups, request.Source, cancellationToken);
        return new ListFailuresResponse([.. failures.Groups.Select(group => new FailureGroupDto(group))], failures.Total);
    }
}
