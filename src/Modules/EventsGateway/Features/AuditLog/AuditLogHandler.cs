using FluentValidation;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Time;
using MediatR;

namespace Gateway.EventsGateway.Features.AuditLog;

/// <param name="Items">Newest first.</param>
/// <param name="NextCursor">The cursor of the next page; null on the last page.</param>
public sealed record AuditLogResponse(IReadOnlyList<AuditRecordDto> Items, string? NextCursor);

public sealed record AuditRecordDto
{
    internal AuditRecordDto(AuditRecord record)
    {
        At = IsoTime.Text(record.At);
        Who = record.Who;
        From = record.From;
        Action = record.Action;
        What = record.What;
        Result = record.Result;
    }

    public string At { get; }

    /// <summary>The name of the operator's key.</summary>
    public string Who { get; }

    /// <summary>The address of the client.</summary>
    public string From { get; }

    /// <summary>
    /// login, logout, login-rejected, replay, dismiss, export, pause-routing, resume-routing, erase, reopen-shipment,
    /// clear-deduplication-cache or prepare-return.
    /// </summary>
    public string Action { get; }

    /// <summary>The object of the action.</summary>
    public string What { get; }

    /// <summary>Null while the action runs, and for good if its process died.</summary>
    public string? Result { get; }
}

internal sealed record AuditLogQuery(string? Limit, string? Cursor) : IRequest<AuditLogResponse>
{
    public int? PageSize => Features.PageSize.Of(Limit);

    public AuditCursor? After => Cursor is null ? null : AuditCursorText.Parse(Cursor);
}

internal sealed class AuditLogValidator : AbstractValidator<AuditLogQuery>
{
    public AuditLogValidator()
    {
        RuleFor(query => query.PageSize).MustBeAPageSize();
        RuleFor(query => query.After).MustBeACursor(query => query.Cursor);
    }
}

internal sealed class AuditLogHandler(IAuditRepository audit) : IRequestHandler<AuditLogQuery, AuditLogResponse>
{
    public async Task<AuditLogResponse> Handle(AuditLogQuery request, CancellationToken cancellationToken)
    {
        var limit = request.PageSize!.Value;
        // One more than requested shows whether there is a next page.
        var found = await audit.ListAsync(request.After, limit + 1, cancellationToken);
        var next = found.Count > limit ? AuditCursorText.Of(found[limit - 1]) : null;
        return new AuditLogResponse([.. found.Take(limit).Select(record => new AuditRecordDto(record))], next);
    }
}

/// <summary>The position of a record in the list: its time and its id.</summary>
internal static class AuditCursorText
{
    public static string Of(AuditRecord record) => CursorText.Of(record.At, record.Id.ToString("N"));

    public static AuditCursor? Parse(string text)
        => CursorText.Parse(text) is var (at, rest) && Guid.TryParseExact(rest, "N", out var id) ? new AuditCursor(at, id) : null;
}
