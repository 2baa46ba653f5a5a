using FluentValidation;
using Gateway.EventsGateway.Monitoring;
using Gateway.Shared.Time;
using MediatR;

namespace Gateway.EventsGateway.Features.RejectedRequests;

/// <param name="Items">Newest first.</param>
public sealed record RejectedRequestPage(IReadOnlyList<RejectedRequestView> Items);

public sealed record RejectedRequestView
{
    internal RejectedRequestView(RejectedRequest rejection)
    {
        At = IsoTime.Text(rejection.At);
        Status = rejection.Status;
        Reason = rejection.Reason;
        Message = rejection.Message;
        Hint = rejection.Hint;
        Fields = rejection.Fields;
        RemoteAddress = rejection.RemoteAddress;
        HeaderNames = rejection.HeaderNames;
        ContentType = rejection.ContentType;
        BodyBytes = rejection.BodyBytes;
        BodySha256 = rejection.BodySha256;
        ShippingCompanyId = rejection.ShippingCompanyId;
        EventId = rejection.EventId;
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

internal sealed record ListRejectedRequestsQuery(string? Limit) : IRequest<RejectedRequestPage>
{
    public int? PageSize => Features.PageSize.Of(Limit);
}

internal sealed class ListRejectedRequestsValidator : AbstractValidator<ListRejectedRequestsQuery>
{
    public ListRejectedRequestsValidator() => RuleFor(query => query.PageSize).MustBeAPageSize();
}

internal sealed class ListRejectedRequestsHandler(RejectedRequestLog rejections) : IRequestHandler<ListRejectedRequestsQuery, RejectedRequestPage>
{
    public Task<RejectedRequestPage> Handle(ListRejectedRequestsQuery request, CancellationToken cancellationToken)
        => Task.FromResult(new RejectedRequestPage([.. rejections.Latest(request.PageSize!.Value).Select(rejection => new RejectedRequestView(rejection))]));
}
