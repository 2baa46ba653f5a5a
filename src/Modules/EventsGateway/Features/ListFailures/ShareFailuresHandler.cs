using FluentValidation;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using MediatR;

namespace Gateway.EventsGateway.Features.ListFailures;

/// <param name="Counted">The newest failed events of the group, at most 10,000: the shares are theirs.</param>
/// <param name="Sources">At most 10, the largest first.</param>
/// <param name="Merchants">At most 10 of a source, the largest first.</param>
public sealed record ShareFailuresResponse(
    long Counted, IReadOnlyList<SourceShareDto> Sources, IReadOnlyList<MerchantShareDto> Merchants);

public sealed record SourceShareDto(string Source, long Count);

/// <param name="MerchantId">Empty for requests that could not be mapped.</param>
/// <param name="Source">Of these events.</param>
/// <param name="Count">Its failed events.</param>
public sealed record MerchantShareDto(string MerchantId, string Source, long Count);

internal sealed record ShareFailuresQuery(EventFilterDto Filter, IReadOnlyList<string> Names) : IRequest<ShareFailuresResponse>;

internal sealed class ShareFailuresValidator : AbstractValidator<ShareFailuresQuery>
{
    public ShareFailuresValidator()
    {
        RuleFor(query => query.Names).MustBeFiltersOr();
        RuleFor(query => query.Filter).SetValidator(new EventFilterRules()).OverridePropertyName("");
        RuleFor(query => query.Filter.Status).Must(status => status is null or "failed")
            .When(query => query.Filter.Status is { } status && EventStatusText.Parse(status) is not null)
            .OverridePropertyName("status").WithMessage("status must be failed");
    }
}

/// <summary>Whose events a group of failures has: of one merchant, of one source, or of all.</summary>
internal sealed class ShareFailuresHandler(IEventQueries events) : IRequestHandler<ShareFailuresQuery, ShareFailuresResponse>
{
    private const int Newest = 10_000;
    private const int Most = 10;

    public async Task<ShareFailuresResponse> Handle(ShareFailuresQuery request, CancellationToken cancellationToken)
    {
        var filter = request.Filter.ToFilter() with { Status = EventStatus.Failed };
        var shares = await events.ShareAsync(filter, Newest, cancellationToken);
        return new ShareFailuresResponse(
            shares.Sum(share => share.Count),
            [
                .. shares.GroupBy(share => share.Source).Select(of => new SourceShareDto(of.Key, of.Sum(share => share.Count)))
                    .OrderByDescending(share => share.Count).Take(Most),
            ],
            [.. shares.Take(Most).Select(share => new MerchantShareDto(share.MerchantId, share.Source, share.Count))]);
    }
}
