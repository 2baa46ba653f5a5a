using System.Text.Json.Serialization;
using FluentValidation;
using FluentValidation.Results;
using Gateway.EventsGateway.Audit;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;
using Gateway.Shared.Hosting;
using Gateway.Shared.Time;
using MediatR;

namespace Gateway.EventsGateway.Features.PauseRouting;

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PauseRoutingDto
{
    /// <summary>Absent: all merchants.</summary>
    public string? MerchantId { get; init; }
}

public sealed record ListPausesResponse(IReadOnlyList<PauseDto> Items);

/// <param name="MerchantId">Null: all merchants.</param>
/// <param name="Since">When it began.</param>
/// <param name="By">The operator.</param>
public sealed record PauseDto(string? MerchantId, string Since, string By);

internal sealed record ListPausesQuery : IRequest<ListPausesResponse>;

internal sealed record PauseRoutingCommand(string? MerchantId, bool Paused, Caller By) : IRequest<ListPausesResponse>;

internal sealed class PauseRoutingValidator : AbstractValidator<PauseRoutingCommand>
{
    public PauseRoutingValidator() => RuleFor(command => command.MerchantId).Custom((id, context) =>
    {
        if (id is not null && FieldRules.ValidateId(id) is { } error)
            context.AddFailure("merchantId", $"merchantId {error}");
    });
}

internal sealed class ListPausesHandler(IPauseRepository pauses) : IRequestHandler<ListPausesQuery, ListPausesResponse>
{
    public async Task<ListPausesResponse> Handle(ListPausesQuery request, CancellationToken cancellationToken)
        => Of(await pauses.ListAsync(cancellationToken));

    public static ListPausesResponse Of(IReadOnlyList<RoutingPause> pauses) => new(
        [.. pauses.Where(one => one.IsCurrent).Select(one => new PauseDto(one.MerchantId, IsoTime.Text(one.Since), one.By))]);
}

internal sealed class PauseRoutingHandler(IPauseRepository pauses, RoutingPauses known, AuditWriter audit, WorkSignal work)
    : IRequestHandler<PauseRoutingCommand, ListPausesResponse>
{
    /// <summary>Each name makes a claim slower.</summary>
    private const int MostMerchants = 50;

    public async Task<ListPausesResponse> Handle(PauseRoutingCommand request, CancellationToken cancellationToken)
    {
        var merchant = request.MerchantId;
        if (request.Paused && merchant is not null) await RejectTooManyAsync(merchant, cancellationToken);
        var what = merchant is null ? "all merchants" : $"merchant {AuditWriter.Redact(merchant)}";
        var action = request.Paused ? AuditAction.PauseRouting : AuditAction.ResumeRouting;
        await audit.RunAsync(
            request.By, action, what,
            () => request.Paused ? pauses.PauseAsync(merchant, request.By.Who) : pauses.ResumeAsync(merchant),
            hasChanged => hasChanged ? "done" : request.Paused ? "was paused already" : "was not paused");
        await known.RefreshAsync(TimeSpan.Zero, cancellationToken);
        work.Raise();
        return ListPausesHandler.Of(await pauses.ListAsync(cancellationToken));
    }

    private async Task RejectTooManyAsync(string merchant, CancellationToken cancellationToken)
    {
        var all = await pauses.ListAsync(cancellationToken);
        var merchants = all.Where(pause => pause.IsCurrent).Select(pause => pause.MerchantId).OfType<string>().ToList();
        // A second pause of a merchant changes nothing.
        if (merchants.Count >= MostMerchants && !merchants.Contains(merchant))
        {
            throw new ValidationException([new ValidationFailure(
                "merchantId",
                $"merchantId is one too many: at most {MostMerchants} merchants can be paused, pause all instead")]);
        }
    }
}
