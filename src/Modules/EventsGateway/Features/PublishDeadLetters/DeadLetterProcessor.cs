using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Gateway.Shared.Idempotency;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Features.PublishDeadLetters;

/// <summary>
/// Publishes each failed event outside the store, at least once: a copy into the dead letter queue, and its key as failed into
/// the deduplication cache, so that a sender can resubmit it.
/// </summary>
internal sealed class DeadLetterProcessor(
    IDeadLetterOutbox outbox, IDeadLetterQueue deadLetters, IIdempotencyService cache, GatewayMetrics metrics, TimeProvider time,
    ILogger<DeadLetterProcessor> log) : PollingService(FaultWait, StopGrace, time)
{
    private const int Batch = 100;

    private static readonly TimeSpan FaultWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>While a backend is unavailable, a dead letter is retried after this time.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(1);

    protected override async Task RunOnceAsync(CancellationToken stop)
    {
        var letters = await outbox.ClaimAsync(Batch, Lease);
        await PublishAsync(letters);
        if (letters.Count < Batch) await Task.Delay(Pause, Time, stop);
    }

    protected override void Report(Exception fault, TimeSpan wait, bool isFirstFailure)
    {
        // Queue reader and dispatcher log the same outages.
        if (isFirstFailure)
            OperationsLog.DeadLettersWait(log, fault.Message, fault is BackendUnavailableException ? null : fault);
    }

    private async Task PublishAsync(IReadOnlyList<DeadLetter> letters)
    {
        if (letters.Count == 0) return;
        try
        {
            await CopyAsync([.. letters.Where(letter => !letter.IsCopied)]);
        }
        finally
        {
            // Even if the copies failed: a sender must be able to resubmit.
            await cache.MarkFailedAsync([.. letters.Select(letter => letter.Event.Key.ToString())]);
        }

        await outbox.ClearAsync(letters);
    }

    private async Task CopyAsync(IReadOnlyList<DeadLetter> letters)
    {
        if (letters.Count == 0) return;
        await deadLetters.PublishAsync([.. letters.Select(letter => letter.Event)]);
        foreach (var letter in letters) metrics.AddDeadLetter(letter.Event.Outcome);
        // Stored, because the cache may be unavailable for hours and one copy is enough.
        await outbox.MarkCopiedAsync(letters);
    }
}
