using System.Collections.Concurrent;
using System.Diagnostics;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Tests.Repositories.Mongo;

/// <summary>The commands that the driver sends to one database, by its own monitoring.</summary>
internal sealed class MongoCommands : IDisposable
{
    private readonly ConcurrentQueue<string> _names = new();
    private readonly ActivityListener _listener;

    public MongoCommands(string database)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == MongoTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                // A span of an operation, which may send several commands, has no such tag.
                if (span.GetTagItem("db.command.name") is string name && span.GetTagItem("db.namespace") as string == database)
                    _names.Enqueue(name);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Those of one call, such as <c>find 2, update 1</c>.</summary>
    public async Task<string> OfAsync(Func<Task> call)
    {
        _names.Clear();
        await call();
        var counts = _names.CountBy(name => name).OrderBy(same => same.Key, StringComparer.Ordinal);
        return string.Join(", ", counts.Select(same => $"{same.Key} {same.Value}"));
    }

    public void Dispose() => _listener.Dispose();
}
