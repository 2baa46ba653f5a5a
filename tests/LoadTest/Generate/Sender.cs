using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Authentication;
using Gateway.LoadTest.Generate.Events;
using Gateway.LoadTest.Generate.Http;
using Gateway.LoadTest.Generate.Pacing;
using Gateway.LoadTest.Measure;

namespace Gateway.LoadTest.Generate;

/// <summary>Sends requests over one connection, one after the other.</summary>
internal sealed class Sender(HttpConnection connection, RunState state, IPacer pacer, RequestStats stats, TimeSpan timeout)
    : IDisposable
{
    private static readonly TimeSpan PauseBeforeReconnect = TimeSpan.FromMilliseconds(100);

    private readonly SlotWaiter _waiter = new();
    private readonly byte[] _request = new byte[state.Mix.MaxLength];
    private readonly RequestMix.Writers _writers = state.Mix.NewWriters();
    private long _sentAt;
    private bool _timedOut;

    /// <summary>The connection could not be reopened within the timeout; its remaining requests were not sent.</summary>
    public bool IsLost { get; private set; }

    public Task OpenAsync(CancellationToken cancellationToken) => connection.OpenAsync(cancellationToken);

    /// <param name="isTimed">The run has a duration, so it ends even if the server stays unavailable.</param>
    public async Task RunAsync(bool isTimed, CancellationToken stop)
    {
        // The request is signed before its slot, so signing is neither measured nor does it delay a burst.
        while (state.Plan.TryNext(out var number, out var isRepeat))
        {
            var length = _writers.Write(number, _request);
            if (!connection.IsOpen && !await ReopenAsync(isTimed, stop)) return;
            var slot = await pacer.NextAsync(_waiter);
            if (slot.IsNone) return;
            stats.RecordSent(isRepeat);
            await SendAsync(number, slot, length);
        }
    }

    /// <summary>Aborts a request after the timeout; its event is then unknown.</summary>
    public void AbortIfTimedOut()
    {
        var sentAt = Volatile.Read(ref _sentAt);
        if (sentAt == 0 || Stopwatch.GetElapsedTime(sentAt) < timeout) return;
        Volatile.Write(ref _timedOut, true);
        connection.Dispose();
    }

    public void Dispose()
    {
        connection.Dispose();
        _writers.Dispose();
    }

    private async ValueTask SendAsync(long number, SendSlot slot, int length)
    {
        Volatile.Write(ref _sentAt, Stopwatch.GetTimestamp());
        try
        {
            var response = await connection.SendAsync(_request.AsMemory(0, length));
            Volatile.Write(ref _sentAt, 0);
            if (response.Closes) connection.Dispose();
            var source = state.Mix.Of(number);
            var isOther = ResponseStatus.IsAccepted(response.Status) && response.Status != source.AcceptedStatus;
            var status = isOther ? ResponseStatus.OtherSuccess : response.Status;
            RecordResponse(number, status);
            stats.RecordEnd(status, MicrosecondsSince(slot), response.Replayed, response.RetryAfter, source.EventCount);
        }
        catch (Exception error) when (IsConnectionError(error))
        {
            Volatile.Write(ref _sentAt, 0);
            connection.Dispose();
            var status = StatusOf(error);
            RecordResponse(number, status);
            stats.RecordEnd(status, MicrosecondsSince(slot));
        }
    }

    private static bool IsConnectionError(Exception error) => error
        is SocketException or IOException or ObjectDisposedException or InvalidDataException or OperationCanceledException;

    private int StatusOf(Exception error)
    {
        if (error is InvalidDataException) return ResponseStatus.InvalidResponse;
        if (!Volatile.Read(ref _timedOut)) return ResponseStatus.ConnectionLost;
        Volatile.Write(ref _timedOut, false);
        return ResponseStatus.TimedOut;
    }

    private void RecordResponse(long number, int status)
    {
        var (first, count) = (state.Mix.FirstEventOf(number), state.Mix.Of(number).EventCount);
        if (ResponseStatus.IsAccepted(status)) state.Ledger.RecordAccepted(first, count);
        else if (ResponseStatus.IsUnknown(status)) state.Ledger.RecordUnknown(first, count);
        else state.Ledger.RecordRejected(first, count);
    }

    /// <summary>Retries until the server is available or the run is over; without a duration, until the timeout.</summary>
    private async Task<bool> ReopenAsync(bool isTimed, CancellationToken stop)
    {
        var startedAt = Stopwatch.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            var slot = new SendSlot(Stopwatch.GetTimestamp());
            if (await TryOpenAsync(stop)) return true;
            if (stop.IsCancellationRequested) return false;
            // A failed attempt counts as a request: an unavailable server must not look like an idle one.
            stats.RecordSent(repeat: false);
            stats.RecordEnd(ResponseStatus.ConnectFailed, MicrosecondsSince(slot));
            IsLost = !isTimed && Stopwatch.GetElapsedTime(startedAt) >= timeout;
            if (IsLost) return false;
            await Task.Delay(PauseBeforeReconnect, CancellationToken.None);
        }

        return false;
    }

    private async Task<bool> TryOpenAsync(CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(timeout);
        try
        {
            await connection.OpenAsync(limit.Token);
            stats.RecordReconnect();
            return true;
        }
        catch (Exception error) when (error is SocketException or IOException or AuthenticationException
            or OperationCanceledException)
        {
            return false;
        }
    }

    private static long MicrosecondsSince(SendSlot slot)
        => (Stopwatch.GetTimestamp() - slot.DueAt) / (Stopwatch.Frequency / 1_000_000);
}
