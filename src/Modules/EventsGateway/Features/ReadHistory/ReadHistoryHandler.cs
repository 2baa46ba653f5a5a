using FluentValidation;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Monitoring.History;
using Gateway.Shared.Time;
using MediatR;

namespace Gateway.EventsGateway.Features.ReadHistory;

internal sealed record ReadHistoryQuery(string? Source, string? Process, string? From, string? To, string? Step)
    : IRequest<HistoryDto>;

internal sealed class ReadHistoryValidator : AbstractValidator<ReadHistoryQuery>
{
    public ReadHistoryValidator()
    {
        RuleFor(query => query).Custom((query, context) =>
        {
            if (query.From is { } from && FieldRules.ValidateTime(from) is { } error) context.AddFailure("from", $"from {error}");
            if (query.To is { } to && FieldRules.ValidateTime(to) is { } wrong) context.AddFailure("to", $"to {wrong}");
            if (query.Step is not null && HistoryRange.StepOf(query.Step) is null)
                context.AddFailure("step", $"step must be a number of seconds from 1 to {HistoryRange.MaxStep}");
        });
    }
}

internal sealed class ReadHistoryHandler(HistoryReader history, TimeProvider time) : IRequestHandler<ReadHistoryQuery, HistoryDto>
{
    public async Task<HistoryDto> Handle(ReadHistoryQuery request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var range = HistoryRange.Of(request, now);
        var (rows, fault) = await history.ReadAsync(range.Source, range.From, range.To, cancellationToken);
        var points = new HistoryPoints(range.From, range.Step, range.Count);
        points.Add(
            rows.Where(row => request.Process is null || row.Process == request.Process || row.Host == request.Process),
            request.Source);
        return new HistoryDto(
            IsoTime.Text(range.From), IsoTime.Text(range.To), range.Step,
            [.. Enumerable.Range(0, range.Count).Select(i => PointOf(points, i, request.Source is null, now))], fault);
    }

    private static HistoryPointDto PointOf(HistoryPoints points, int i, bool isOfProcesses, DateTimeOffset now)
    {
        var point = new HistoryPointDto { At = IsoTime.Text(points.StartOf(i)), Seconds = points.SecondsOf(i, now) };
        if (!points.IsCovered(i)) return point;
        point = point with
        {
            Accepted = points.Sum(i, "accepted"), Duplicates = points.Sum(i, "duplicates"),
            Rejected = points.SumsBy(i, "rejected"), Outcomes = points.SumsBy(i, "outcome"),
        };
        return !isOfProcesses ? point : point with
        {
            Retries = points.Sum(i, "retries"),
            Accept = LatencyOf(points, i, "accept"), Attempt = LatencyOf(points, i, "attempt"),
            Pending = points.Level(i, "pending"), Queued = points.Level(i, "queued"),
            OldestPendingSeconds = points.Level(i, "oldest"), InFlight = points.Level(i, "inFlight"),
        };
    }

    private static LatencyDto? LatencyOf(HistoryPoints points, int i, string name)
        => points.Percentiles(i, name, 0.5, 0.95, 0.99) is [{ } p50, { } p95, { } p99] ? new LatencyDto(p50, p95, p99) : null;
}
