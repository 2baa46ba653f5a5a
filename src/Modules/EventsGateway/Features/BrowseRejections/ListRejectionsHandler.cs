using FluentValidation;
using Gateway.EventsGateway.Events;
using Gateway.EventsGateway.Telemetry;
using Gateway.Shared;
using MediatR;

namespace Gateway.EventsGateway.Features.BrowseRejections;

/// <param name="Items">Newest first.</param>
public sealed record RejectionPage(IReadOnlyList<RejectionView> Items);

public sealed record RejectionView
{
    internal RejectionView(Refusal refusal)
    {
        At = IsoTime.Text(refusal.At);
        Status = refusal.Status;
        Reason = refusal.Reason;
        Message = refusal.Message;
        Hint = refusal.Hint;
        Fields = refusal.Fields;
        RemoteAddress = refusal.RemoteAddress;
        HeaderNames = refusal.HeaderNames;
        ContentType = refusal.ContentType;
        BodyBytes = refusal.BodyBytes;
        BodySha256 = refusal.BodySha256;
        ShippingCompanyId = refusal.ShippingCompanyId;
        EventId = refusal.EventId;
    }

    public string At { get; }

    /// <summary>What the answer's status was.</summary>
    public int Status { get; }

    /// <summary>too_large, missing_signature, invalid_signature, unsupported_media_type, malformed_body, invalid_field, unavailable or conflict.</summary>
    public string Reason { get; }

    /// <summary>What the courier was told.</summary>
    public string Message { get; }

    /// <summary>What the courier should change.</summary>
    public string? Hint { get; }

    /// <summary>The fields that were wrong, with what is wrong about each.</summary>
    public IReadOnlyDictionary<string, string[]> Fields { get; }

    /// <summary>Null of a conflict, which is noticed behind the door.</summary>
    public string? RemoteAddress { get; }

    /// <summary>Of the headers that came, never a value; null of a conflict.</summary>
    public IReadOnlyList<string>? HeaderNames { get; }

    public string? ContentType { get; }

    public int BodyBytes { get; }

    /// <summary>Tells a courier whether something on the way has changed its body.</summary>
    public string? BodySha256 { get; }

    /// <summary>Only of a request whose signature is right.</summary>
    public string? ShippingCompanyId { get; }

    public string? EventId { get; }
}

internal sealed record ListRejectionsQuery(string? Limit) : IRequest<RejectionPage>
{
    public int? PageSize => Events.PageSize.Of(Limit);
}

internal sealed class ListRejectionsValidator : AbstractValidator<ListRejectionsQuery>
{
    public ListRejectionsValidator() => RuleFor(query => query.PageSize).MustBeAPageSize();
}

internal sealed class ListRejectionsHandler(Refusals refusals) : IRequestHandler<ListRejectionsQuery, RejectionPage>
{
    public Task<RejectionPage> Handle(ListRejectionsQuery request, CancellationToken cancellationToken)
        => Task.FromResult(new RejectionPage([.. refusals.Latest(request.PageSize!.Value).Select(refusal => new RejectionView(refusal))]));
}
