using Gateway.EventsGateway.Findings;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Gateway.Shared.Time;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Features.SendAlerts;

/// <summary>
/// Sends the messages of one target in their order. One that is not taken is repeated after a growing time, for a day. Nothing
/// waits for it.
/// </summary>
/// <param name="name">webhook or slack: its address may be a secret.</param>
/// <param name="requestOf">The request for a message.</param>
/// <param name="http">Has a timeout.</param>
/// <param name="targets">Shows how far it is behind.</param>
/// <param name="time">The clock.</param>
/// <param name="log">One line where an outage begins, one where it ends.</param>
internal sealed partial class AlertTarget(
    string name, Func<AlertMessage, DateTimeOffset, HttpRequestMessage> requestOf, HttpClient http, AlertTargets targets,
    TimeProvider time, ILogger<AlertTarget> log)
    : PollingService(FirstWait, stopGrace: TimeSpan.Zero, time)
{
    public static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);

    private const int MaxWaiting = 1000;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private readonly Lock _changing = new();
    private readonly Queue<AlertMessage> _waiting = new();
    private readonly WorkSignal _signal = new(time);
    private TimeSpan _wait = FirstWait;
    private DateTimeOffset? _failingSince;
    private string? _error;

    public IReadOnlyList<AlertMessage> Waiting
    {
        get
        {
            lock (_changing) return [.. _waiting];
        }
    }

    public void Enqueue(AlertMessage message)
    {
        lock (_changing)
        {
            _waiting.Enqueue(message);
            if (_waiting.Count > MaxWaiting) _waiting.Dequeue();
        }

        _signal.Raise();
    }

    protected override async Task RunOnceAsync(CancellationToken stop)
    {
        if (Oldest() is not { } message)
        {
            Show();
            await _signal.WaitAsync(TimeSpan.FromMinutes(1), stop);
        }
        else if (await TrySendAsync(message, stop) is { } error)
        {
            if (_failingSince is null) LogNotTaken(name, error);
            (_failingSince, _error) = (_failingSince ?? Time.GetUtcNow(), error);
            Show();
            await Task.Delay(_wait, Time, stop);
            _wait = _wait + _wait < LongestWait ? _wait + _wait : LongestWait;
        }
        else
        {
            Remove(message);
            if (_failingSince is { } since) LogTaken(name, Time.GetUtcNow() - since);
            (_failingSince, _error, _wait) = (null, null, FirstWait);
        }
    }

    protected override void Report(Exception fault, TimeSpan wait, bool isFirstFailure) => LogBroken(name, fault);

    /// <summary>Without those of the day before: they say nothing about now.</summary>
    private AlertMessage? Oldest()
    {
        lock (_changing)
        {
            while (_waiting.TryPeek(out var oldest) && Time.GetUtcNow() - oldest.At > Kept) _waiting.Dequeue();
            return _waiting.TryPeek(out var message) ? message : null;
        }
    }

    private void Remove(AlertMessage message)
    {
        lock (_changing)
            if (_waiting.TryPeek(out var oldest) && ReferenceEquals(oldest, message)) _waiting.Dequeue();
    }

    private void Show() => targets.Set(new TargetFigure(name, Waiting.Count, _failingSince, _error));

    /// <summary>Null once it is taken. No text has the address.</summary>
    private async Task<string?> TrySendAsync(AlertMessage message, CancellationToken stop)
    {
        try
        {
            using var request = requestOf(message, Time.GetUtcNow());
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            return answer.IsSuccessStatusCode ? null : $"it answered {(int)answer.StatusCode}";
        }
        catch (HttpRequestException fault)
        {
            return $"it cannot be reached: {fault.HttpRequestError}";
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"it did not answer within {SpanText.Of(http.Timeout)}";
        }
    }

    [LoggerMessage(251, LogLevel.Warning, "Alert target {Target} takes no messages, they are repeated: {Error}")]
    private partial void LogNotTaken(OutsideText target, OutsideText error);

    [LoggerMessage(252, LogLevel.Information, "Alert target {Target} takes messages again, after {Outage}")]
    private partial void LogTaken(OutsideText target, TimeSpan outage);

    [LoggerMessage(253, LogLevel.Error, "Unhandled exception while messages were sent to the alert target {Target}")]
    private partial void LogBroken(OutsideText target, Exception exception);
}
