using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Gateway.Shared.Idempotency;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Features.PublishDeadLetters;

/// <summary>
/// What a failure means outside the store, at least once each: a copy in the dead letter queue for whoever listens, and
/// the door lets the event in again.
/// </summary>
internal sealed class DeadLetterProcessor(
    IDeadLetterOutbox outbox, IDeadLetterQueue deadLetters, IIdempotencyService seen, GatewayMetrics metrics, TimeProvider time,
    ILogger<DeadLetterProcessor> log) : PollingService(FaultWait, StopGrace, time)
{
    private const int Batch = 100;

    private static readonly TimeSpan FaultWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>An engine that is away makes a letter wait this long before it is tried again.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time = time;

    protected override async Task RunOnceAsync(CancellationToken stop)
    {
        var letters = await outbox.ClaimAsync(Batch, Lease);
        await TellAsync(letters);
        if (letters.Count < Batch) await Task.Delay(Pause, _time, stop);
    }

    protected override void Report(Exception fault, TimeSpan wait, bool isFirstFailure)
    {
        // The intake and the dispatcher tell the same engines' faults.
        if (isFirstFailure) EventsGatewayLog.DeadLettersWait(log, fault.Message, fault is BackendUnavailableException ? null : fault);
    }

    private async Task TellAsync(IReadOnlyList<DeadLetter> letters)
    {
        if (letters.Count == 0) return;
        try
        {
            await CopyAsync([.. letters.Where(letter => !letter.IsCopied)]);
        }
        finally
        {
            // Whatever became of the copies: a sender that repeats must be let in.
            await seen.MarkFailedAsync([.. letters.Select(letter => letter.Event.Key.ToString())]);
        }

        await outbox.ClearAsync(letters);
    }

    private async Task CopyAsync(IReadOnlyList<DeadLetter> letters)
    {
        if (letters.Count == 0) return;
        await deadLetters.PublishAsync([.. letters.Select(letter => letter.Event)]);
        foreach (var letter in letters) metrics.AddDeadLetter(letter.Event.Outcome);
        // Kept, because the mark may fail for hours: one copy is enough then.
        await outbox.MarkCopiedAsync(letters);
    }
}
