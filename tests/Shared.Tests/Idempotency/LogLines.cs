using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Gateway.Shared.Tests.Idempotency;

/// <summary>The logged event ids; the texts may change.</summary>
internal sealed class LogLines<T> : ILogger<T>
{
    private readonly ConcurrentQueue<int> _ids = new();

    public IReadOnlyList<int> Ids => [.. _ids];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => _ids.Enqueue(eventId.Id);
}
