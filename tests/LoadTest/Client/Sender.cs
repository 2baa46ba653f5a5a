using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Gateway.LoadTest.Counting;
using Gateway.LoadTest.Http;
using Gateway.LoadTest.Pacing;

namespace Gateway.LoadTest.Client;

/// <summary>One connection and what goes over it, one request after the other.</summary>
internal sealed class Sender(Connection connection, Cargo cargo, IPace pace, Tally tally, TimeSpan patience) : IDisposable
{
    private static readonly TimeSpan PauseBeforeReconnect = TimeSpan.FromMilliseconds(100);

    private readonly Waiter _waiter = new();
    private readonly byte[] _request = new byte[cargo.Events.LongestRequest];
    private readonly IncrementalHash _signer = cargo.Events.NewSigner();
    private long _sentAt;
    private bool _timedOut;

    /// <summary>The server was away for longer than a request may wait: what was left to send was not sent.</summary>
    public bool HasGivenUp { get; private set; }

    public Task OpenAsync(CancellationToken cancellationToken) => connection.OpenAsync(cancellationToken);

    /// <param name="isTimed">The run ends by itself, whether the server comes back or not.</param>
    public async Task RunAsync(bool isTimed, CancellationToken stop)
    {
        // Signed before its turn: what is measured is the target, and a burst leaves at once.
        while (cargo.Plan.TryNext(out var number, out var isRepeat))
        {
            var length = cargo.Events.Write(number, _request, _signer);
            if (!connection.IsOpen && !await ReopenAsync(isTimed, stop)) return;
            var turn = await pace.NextAsync(_waiter);
            if (turn.IsNone) return;
            tally.Sent(isRepeat);
            await SendAsync(number, turn, length);
        }
    }

    /// <summary>Ends a request that has waited too long; its event is unknown then.</summary>
    public void EndIfTooOld()
    {
        var sentAt = Volatile.Read(ref _sentAt);
        if (sentAt == 0 || Stopwatch.GetElapsedTime(sentAt) < patience) return;
        Volatile.Write(ref _timedOut, true);
        connection.Dispose();
    }

    public void Dispose()
    {
        connection.Dispose();
        _signer.Dispose();
    }

    private async ValueTask SendAsync(long number, Turn turn, int length)
    {
        Volatile.Write(ref _sentAt, Stopwatch.GetTimestamp());
        try
        {
            var answer = await connection.ExchangeAsync(_request.AsMemory(0, length));
            Volatile.Write(ref _sentAt, 0);
            if (answer.Closes) connection.Dispose();
            Note(number, answer.Status);
            tally.Ended(answer.Status, Since(turn), answer.Replayed, answer.RetryAfter);
        }
        catch (Exception fault) when (IsOfTheConnection(fault))
        {
            Volatile.Write(ref _sentAt, 0);
            connection.Dispose();
            var status = StatusOf(fault);
            Note(number, status);
            tally.Ended(status, Since(turn));
        }
    }

    private static bool IsOfTheConnection(Exception fault)
        => fault is SocketException or IOException or ObjectDisposedException or InvalidDataException or OperationCanceledException;

    private int StatusOf(Exception fault)
    {
        if (fault is InvalidDataException) return NoAnswer.Unreadable;
        if (!Volatile.Read(ref _timedOut)) return NoAnswer.Broken;
        Volatile.Write(ref _timedOut, false);
        return NoAnswer.TimedOut;
    }

    private void Note(long number, int status)
    {
        if (NoAnswer.IsPromise(status)) cargo.Ledger.Promise(number);
        else if (NoAnswer.IsUnknown(status)) cargo.Ledger.LeaveOpen(number);
        else cargo.Ledger.Refuse(number);
    }

    /// <summary>Tries until the server is back or the run is over; in a run without a time, until patience is.</summary>
    private async Task<bool> ReopenAsync(bool isTimed, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            var turn = new Turn(Stopwatch.GetTimestamp());
            if (await TryOpenAsync(stop)) return true;
            if (stop.IsCancellationRequested) return false;
            // Who could not even connect has had no answer: a server that is away must not look like one that is idle.
            tally.Sent(repeat: false);
            tally.Ended(NoAnswer.NotConnected, Since(turn));
            HasGivenUp = !isTimed && Stopwatch.GetElapsedTime(began) >= patience;
            if (HasGivenUp) return false;
            await Task.Delay(PauseBeforeReconnect, CancellationToken.None);
        }

        return false;
    }

    private async Task<bool> TryOpenAsync(CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(patience);
        try
        {
            await connection.OpenAsync(limit.Token);
            tally.Reconnected();
            return true;
        }
        catch (Exception fault) when (fault is SocketException or IOException or AuthenticationException or OperationCanceledException)
        {
            return false;
        }
    }

    private static long Since(Turn turn) => (Stopwatch.GetTimestamp() - turn.DueAt) / (Stopwatch.Frequency / 1_000_000);
}
