using System.Globalization;
using FluentValidation;
using Gateway.EventsGateway.Repositories;
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
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    public int? PageSize => Limit is null ? DefaultLimit
        : int.TryParse(Limit, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= MaxLimit ? size
        : null;
}

internal sealed class ListAuditValidator : AbstractValidator<ListAuditQuery>
{
    public ListAuditValidator() => RuleFor(query => query.PageSize).NotNull()
        .OverridePropertyName("limit").WithMessage("limit must be a number from 1 to 200");
}

internal sealed class BrowseAuditHandler(IAuditRepository audit) : IRequestHandler<ListAuditQuery, AuditPage>
{
    public async Task<AuditPage> Handle(ListAuditQuery request, CancellationToken cancellationToken)
        => new([.. (await audit.LatestAsync(request.PageSize!.Value, cancellationToken)).Select(record => new AuditView(record))]);
}
