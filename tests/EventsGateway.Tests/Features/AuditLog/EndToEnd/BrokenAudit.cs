using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.EventsGateway.Tests.Features.AuditLog.EndToEnd;

/// <summary>A store that rejects audit records only.</summary>
internal sealed class BrokenAudit : IAuditRepository
{
    public Task<Guid> BeginAsync(AuditRecord record) => throw new BackendUnavailableException("store", "the disk is full");

    public Task CompleteAsync(Guid id, string result) => throw new NotSupportedException();

    public Task<IReadOnlyList<AuditRecord>> ListAsync(AuditCursor? after, int limit, CancellationToken cancellationToken)
        => throw new NotSupportedException();
}

internal static class Replacements
{
    public static void Replace<TPort, TOther>(this IServiceCollection services) where TPort : class where TOther : class, TPort
        => services.Replace(ServiceDescriptor.Singleton<TPort, TOther>());
}
