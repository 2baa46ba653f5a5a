using FluentValidation;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Time;
using MediatR;

namespace Gateway.EventsGateway.Features.AuditLog;

/// <param name="Items">Newest first.</param>
/// <param name="NextCursor">Asks for the next page; null on the last.</param>
public sealed record AuditPage(IReadOnlyList<AuditView> Items, string? NextCursor);

public sealed record AuditView
{
    internal AuditView(AuditRecord record)
    {
        At = IsoTime.Text(record.At);
        Who = record.Who;
        From = record.From;
        Action = record.Action;
        What = record.What;
        Result = record.Result;
    }

    public string At { get; }

    /// <summary>The name that the operator goes by.</summary>
    public string Who { get; }

    /// <summary>The address that the request came from.</summary>
    public string From { get; }

    /// <summary>login, logout, login-rejected, replay, erase or clear-deduplication-cache.</summary>
    public string Action { get; }

    /// <summary>What it was done to.</summary>
    public string What { get; }

    /// <summary>How it ended; null while it runs, and for good where its process died.</summary>
    public string? Result { get; }
}

internal sealed record ListAuditRecordsQuery(string? Limit, string? Cursor) : IRequest<AuditPage>
{
    public int? PageSize => Features.PageSize.Of(Limit);

    public AuditCursor? After => Cursor is null ? null : AuditCursorText.Parse(Cursor);
}

internal sealed class ListAuditRecordsValidator : AbstractValidator<ListAuditRecordsQuery>
{
    public ListAuditRecordsValidator()
    {
        RuleFor(query => query.PageSize).MustBeAPageSize();
        RuleFor(query => query.After).MustBeAPlace(query => query.Cursor);
    }
}

internal sealed class ListAuditRecordsHandler(IAuditRepository audit) : IRequestHandler<ListAuditRecordsQuery, AuditPage>
{
    public async Task<AuditPage> Handle(ListAuditRecordsQuery request, CancellationToken cancellationToken)
    {
        var limit = request.PageSize!.Value;
        // One more than asked for tells whether there is a next page.
        var found = await audit.ListAsync(request.After, limit + 1, cancellationToken);
        var next = found.Count > limit ? AuditCursorText.Of(found[limit - 1]) : null;
        return new AuditPage([.. found.Take(limit).Select(record => new AuditView(record))], next);
    }
}
