using System.Text.Encodings.Web;
using System.Text.Json;
using FluentValidation;
using Gateway.EventsGateway.Audit;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using MediatR;

namespace Gateway.EventsGateway.Features.ListEvents;

/// <param name="Filter">The filter.</param>
/// <param name="Details">As sent: true for bodies, headers and attempts.</param>
/// <param name="Names">All parameter names as sent.</param>
/// <param name="By">The operator.</param>
/// <param name="Begin">Begins the response, after the filter has been found valid and the action recorded.</param>
internal sealed record ExportEventsCommand(
    EventFilterDto Filter, string? Details, IReadOnlyList<string> Names, Caller By, Func<Stream> Begin) : IRequest;

internal sealed class ExportEventsValidator : AbstractValidator<ExportEventsCommand>
{
    public ExportEventsValidator()
    {
        RuleFor(export => export.Names).MustBeFiltersOr("details");
        RuleFor(export => export.Filter).SetValidator(new EventFilterRules()).OverridePropertyName("");
        RuleFor(export => export.Details).Must(text => text is null or "true" or "false")
            .OverridePropertyName("details").WithMessage("details must be true or false");
    }
}

/// <summary>Writes the events of a search, newest first, one JSON object per line. It holds one page in memory.</summary>
internal sealed class ExportEventsHandler(IEventQueries events, AuditWriter audit) : AsyncRequestHandler<ExportEventsCommand>
{
    private const int PageSize = 200;

    private static readonly byte[] LineEnd = [(byte)'\n'];

    // As the other answers of the operator API.
    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    protected override Task Handle(ExportEventsCommand request, CancellationToken cancellationToken)
        => audit.RunAsync(
            request.By, AuditAction.Export,
            EventSelectionDto.Describe(request.Filter) + (request.Details == "true" ? ", with details" : ""),
            () => WriteAsync(request, cancellationToken), lines => $"{lines} exported");

    private async Task<long> WriteAsync(ExportEventsCommand request, CancellationToken cancellationToken)
    {
        var search = await EventSearch.OfAsync(events, request.Filter.ToFilter(), isCount: false, cancellationToken);
        var page = await events.ListAsync(search.Filter, null, PageSize, cancellationToken);
        var output = request.Begin();
        long lines = 0;
        while (page.Count > 0)
        {
            foreach (var e in page)
            {
                // Of a removed event there is nothing to export.
                object? line = request.Details == "true" ? await DetailAsync(e.Key, cancellationToken) : new EventSummaryDto(e);
                if (line is null) continue;
                await JsonSerializer.SerializeAsync(output, line, Json, cancellationToken);
                await output.WriteAsync(LineEnd, cancellationToken);
                lines++;
            }

            if (page.Count < PageSize) break;
            page = await events.ListAsync(
                search.Filter, new EventCursor(page[^1].ReceivedAt, page[^1].Key), PageSize, cancellationToken);
        }

        return lines;
    }

    private async Task<EventDetailDto?> DetailAsync(EventKey key, CancellationToken cancellationToken)
        => await events.FindAsync(key, cancellationToken) is { } found ? new EventDetailDto(found) : null;
}
