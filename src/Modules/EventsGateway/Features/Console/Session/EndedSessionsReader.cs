using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Hosting;
using Gateway.Shared.Operator;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Features.Console.Session;

/// <summary>
/// Reads every 5 s which sessions have ended, in this process before its restart or in another one: the audit log has each
/// logout.
/// </summary>
internal sealed class EndedSessionsReader(
    IAuditRepository audit, OperatorSessions sessions, IServiceProvider services, TimeProvider time,
    ILogger<EndedSessionsReader> log) : PollingService(Interval, stopGrace: TimeSpan.Zero, time)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private const int PageSize = 100;

    // A clock of another process may be behind, and its record may become visible late.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    private DateTimeOffset _readUpTo = time.GetUtcNow() - OperatorSessions.Lifetime;

    public override Task StartedAsync(CancellationToken cancellationToken)
        => EventsGatewayModule.ServesConsole(services) ? base.StartedAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>All records since the last run.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        var begin = Time.GetUtcNow();
        AuditCursor? after = null;
        do
        {
            var page = await audit.ListAsync(after, PageSize, cancellationToken);
            foreach (var record in page)
                if (SessionAudit.EndedIn(record) is { } session) sessions.End(session);
            after = page.Count == PageSize && page[^1].At > _readUpTo ? new AuditCursor(page[^1].At, page[^1].Id) : null;
        }
        while (after is not null);
        _readUpTo = begin - Overlap;
    }

    protected override async Task RunOnceAsync(CancellationToken stop)
    {
        await ReadAsync(stop);
        await Task.Delay(Interval, Time, stop);
    }

    protected override void Report(Exception fault, TimeSpan wait, bool isFirstFailure)
    {
        if (isFirstFailure) OperationsLog.EndedSessionsUnknown(log, fault.Message);
    }
}
