using FluentValidation;
using Gateway.EventsGateway.Audit;
using Gateway.EventsGateway.Events;
using Gateway.Shared;
using MediatR;

namespace Gateway.EventsGateway.Features.BrowseAudit;

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

    /// <summary>login, logout, login-refused, replay, erase or forget-seen.</summary>
    public string Action { get; }

    /// <summary>What it was done to.</summary>
    public string What { get; }

    /// <summary>How it ended; null while it runs, and for good where its process died.</summary>
    public string? Result { get; }
}

internal sealed record ListAuditQuery(string? Limit, string? Cursor) : IRequest<AuditPage>
{
    public int? PageSize => Events.PageSize.Of(Limit);

    public AuditCursor? After => Cursor is null ? null : AuditCursorText.Parse(Cursor);
}

internal sealed class ListAuditValidator : AbstractValidator<ListAuditQuery>
{
    public ListAuditValidator()
    {
        RuleFor(query => query.PageSize).MustBeAPageSize();
        RuleFor(query => query.After).MustBeAPlace(query => query.Cursor);
    }
}

internal sealed class BrowseAuditHandler(IAuditRepository audit) : IRequestHandler<ListAuditQuery, AuditPage>
{
    public async Task<AuditPage> Handle(ListAuditQuery request, CancellationToken cancellationToken)
    {
        var limit = request.PageSize!.Value;
        // One more than asked for tells whether there is a next page.
        var found = await audit.ListAsync(request.After, limit + 1, cancellationToken);
        var next = found.Count > limit ? AuditCursorText.Of(found[limit - 1]) : null;
        return new AuditPage([.. found.Take(limit).Select(record => new AuditView(record))], next);
    }
}
