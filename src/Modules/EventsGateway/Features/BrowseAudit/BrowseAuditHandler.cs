using FluentValidation;
using Gateway.EventsGateway.Audit;
using Gateway.EventsGateway.Events;
using Gateway.Shared;
using MediatR;

namespace Gateway.EventsGateway.Features.BrowseAudit;

/// <param name="Items">Newest first.</param>
public sealed record AuditPage(IReadOnlyList<AuditView> Items);

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

internal sealed record ListAuditQuery(string? Limit) : IRequest<AuditPage>
{
    public int? PageSize => Events.PageSize.Of(Limit);
}

internal sealed class ListAuditValidator : AbstractValidator<ListAuditQuery>
{
    public ListAuditValidator() => RuleFor(query => query.PageSize).MustBeAPageSize();
}

internal sealed class BrowseAuditHandler(IAuditRepository audit) : IRequestHandler<ListAuditQuery, AuditPage>
{
    public async Task<AuditPage> Handle(ListAuditQuery request, CancellationToken cancellationToken)
        => new([.. (await audit.LatestAsync(request.PageSize!.Value, cancellationToken)).Select(record => new AuditView(record))]);
}
