using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Sources;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Features.ListSources;

/// <summary>
/// Warns where the newest event of a source's name came to the built-in source: the source is new, and the sender of those
/// events is answered 400 from now on. Asks the store once per source.
/// </summary>
internal sealed partial class SourceNameMonitor(
    CurrentSources sources, IEventQueries events, TimeProvider time, ILogger<SourceNameMonitor> log)
    : PollingService(SourceReloader.Interval, stopGrace: TimeSpan.Zero, time)
{
    private readonly HashSet<string> _asked = [];

    protected override async Task RunOnceAsync(CancellationToken stop)
    {
        foreach (var source in sources.Table.All)
        {
            if (_asked.Contains(source.Name)) continue;
            foreach (var company in SpellingsOf(source.Name))
            {
                var newest = await events.ListAsync(new EventFilter { ShippingCompanyId = company }, after: null, limit: 1, stop);
                if (newest is [{ Source: CanonicalEvent.BuiltInSource }]) LogTaken(source.Name, company, source.Path.Text);
            }

            _asked.Add(source.Name);
        }

        await Task.Delay(SourceReloader.Interval, Time, stop);
    }

    protected override void Report(Exception fault, TimeSpan wait, bool isFirstFailure)
    {
        if (isFirstFailure) LogUnknown(fault.Message, fault is BackendUnavailableException ? null : fault);
    }

    /// <summary>The built-in source takes a name in any case, and a store finds it in one.</summary>
    private static IEnumerable<string> SpellingsOf(string name)
        => new[] { name, name.ToUpperInvariant(), name[..1].ToUpperInvariant() + name[1..] }.Distinct();

    [LoggerMessage(295, LogLevel.Warning,
        "Source {Source} is new, and the built-in source has events of company {Company}: their sender is answered 400 now; "
        + "let it post to {Path}, or give the source another name")]
    private partial void LogTaken(OutsideText source, OutsideText company, OutsideText path);

    [LoggerMessage(296, LogLevel.Warning, "The names of the sources could not be compared with the events of the store: {Error}")]
    private partial void LogUnknown(OutsideText error, Exception? exception);
}
