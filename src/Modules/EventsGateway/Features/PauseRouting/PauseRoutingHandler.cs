using System.Text.Json.Serialization;
using FluentValidation;
using FluentValidation.Results;
using Gateway.EventsGateway.Audit;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;
using Gateway.EventsGateway.Sources.Configuration;
using Gateway.Shared.Hosting;
using Gateway.Shared.Time;
using MediatR;

namespace Gateway.EventsGateway.Features.PauseRouting;

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PauseRoutingDto
{
    /// <summary>Absent: all sources.</summary>
    public string? Source { get; init; }

    /// <summary>Absent: all merchants.</summary>
    public string? MerchantId { get; init; }
}

public sealed record ListPausesResponse(IReadOnlyList<PauseDto> Items);

/// <param name="Source">Null: all sources.</param>
/// <param name="MerchantId">Null: all merchants.</param>
/// <param name="Since">When it began.</param>
/// <param name="By">The operator.</param>
public sealed record PauseDto(string? Source, string? MerchantId, string Since, string By);

internal sealed record ListPausesQuery : IRequest<ListPausesResponse>;

internal sealed record PauseRoutingCommand(RoutingScope Scope, bool Paused, Caller By) : IRequest<ListPausesResponse>;

internal sealed class PauseRoutingValidator : AbstractValidator<PauseRoutingCommand>
{
    public PauseRoutingValidator() => RuleFor(command => command.Scope).Custom((scope, context) =>
    {
        if (scope.Source is not null && !SourceReader.IsName(scope.Source))
            context.AddFailure("source", "source must have 1 to 64 of a-z, 0-9 and -");
        if (scope.MerchantId is not null && FieldRules.ValidateId(scope.MerchantId) is { } error)
            context.AddFailure("merchantId", $"merchantId {error}");
    });
}

internal sealed class ListPausesHandler(IPauseRepository pauses) : IRequestHandler<ListPausesQuery, ListPausesResponse>
{
    public async Task<ListPausesResponse> Handle(ListPausesQuery request, CancellationToken cancellationToken)
        => Of(await pauses.ListAsync(cancellationToken));

    public static ListPausesResponse Of(IReadOnlyList<RoutingPause> pauses) => new(
        [.. pauses.Where(one => one.IsCurrent).Select(
            one => new PauseDto(one.Scope.Source, one.Scope.MerchantId, IsoTime.Text(one.Since), one.By))]);
}

internal sealed class PauseRoutingHandler(IPauseRepository pauses, RoutingPauses known, AuditWriter audit, WorkSignal work)
    : IRequestHandler<PauseRoutingCommand, ListPausesResponse>
{
    /// <summary>Beside the pause of all. Each makes a claim slower.</summary>
    private const int Most = 50;

    public async Task<ListPausesResponse> Handle(PauseRoutingCommand request, CancellationToken cancellationToken)
    {
        var scope = request.Scope;
        if (request.Paused && scope != RoutingScope.All) await RejectTooManyAsync(scope, cancellationToken);
        var what = scope with { MerchantId = scope.MerchantId is { } merchant ? AuditWriter.Redact(merchant) : null };
        var action = request.Paused ? AuditAction.PauseRouting : AuditAction.ResumeRouting;
        await audit.RunAsync(
            request.By, action, what.ToString(),
            () => request.Paused ? pauses.PauseAsync(scope, request.By.Who) : pauses.ResumeAsync(scope),
            hasChanged => hasChanged ? "done" : request.Paused ? "was paused already" : "was not paused");
        await known.RefreshAsync(TimeSpan.Zero, cancellationToken);
        work.Raise();
        return ListPausesHandler.Of(await pauses.ListAsync(cancellationToken));
    }

    private async Task RejectTooManyAsync(RoutingScope scope, CancellationToken cancellationToken)
    {
        var all = await pauses.ListAsync(cancellationToken);
        var paused = all.Where(one => one.IsCurrent && one.Scope != RoutingScope.All).Select(one => one.Scope).ToList();
        // A second pause of a scope changes nothing.
        if (paused.Count >= Most && !paused.Contains(scope))
        {
            var field = scope.MerchantId is null ? "source" : "merchantId";
            throw new ValidationException([new ValidationFailure(
                field, $"{field} is one too many: at most {Most} sources and merchants can be paused, pause all instead")]);
        }
    }
}
