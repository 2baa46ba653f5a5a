using System.Globalization;
using Gateway.EventsGateway.Monitoring;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Sources;

/// <param name="Id">The rule of the status that it crosses.</param>
/// <param name="Text">One sentence with the name of the source in front.</param>
/// <param name="Advice">What to do.</param>
/// <param name="Since">Null: since it was found.</param>
internal sealed record SourceFinding(string Id, string Text, string Advice, DateTimeOffset? Since = null);

/// <summary>What an operator should know of a source now.</summary>
internal static class SourceFindings
{
    public const string Fails = "source-fails";
    public const string Disables = "source-disables";
    public const string Silent = "source-silent";
    public const string Unmapped = "source-unmapped";
    public const string SecretExpired = "source-secret-expired";

    /// <summary>Fewer failures in a row are single requests, of the sender or of anybody who knows the path.</summary>
    public const int MinFailures = 3;

    private const string CorrectMapping = "Correct the mapping of the source, then replay its unmapped requests.";

    private static readonly SenderHealth NothingKnown = new(null, null, null);

    /// <summary>No secret of the source is live.</summary>
    public static string Expired(string source)
        => $"{source}: all of its secrets have expired, so each request is answered 401; add a secret, or change ExpiresAt";

    /// <param name="name">Of the source.</param>
    /// <param name="source">Null for the built-in one.</param>
    /// <param name="record">What it has sent to this process.</param>
    /// <param name="now">The time.</param>
    public static IEnumerable<SourceFinding> Of(string name, Source? source, SourceRecord record, DateTimeOffset now)
    {
        if (source?.Verifier?.HasLiveSecret(now) == false)
            yield return new(SecretExpired, Expired(name), "Add a secret to the source, or change ExpiresAt.");
        // A process without ingest gets no requests, so that its silence is not the sender's.
        foreach (var finding in Of(name, source?.Verifier is null ? NothingKnown : source.Health, record, now))
            yield return finding;
    }

    public static IEnumerable<SourceFinding> Of(string source, SenderHealth health, SourceRecord record, DateTimeOffset now)
    {
        if (record is { FailingSince: { } since, FailuresInARow: >= MinFailures })
        {
            yield return new(
                Fails,
                $"{source}: {VerbOf(record.LastFailure)} since {since.UtcDateTime:HH:mm} UTC, "
                + $"{ReasonText(record.LastFailure)} ({Count(record.FailuresInARow, "request")})",
                AdviceOf(record.LastFailure), since);
        }

        if (health.DisablesAfter is { } limit && record.FailuresInARow >= MinFailures)
        {
            yield return new(
                Disables,
                record.FailuresInARow < limit
                    ? $"{source} will disable us after {Count(limit - record.FailuresInARow, "more failure")}"
                    : $"{source} has probably disabled us: it does so after {Count(limit, "failure")} in a row",
                "Remove the cause, then enable the webhook at the sender again if it is off.", record.FailingSince);
        }

        if (record.OpenContainers > 0)
        {
            yield return new(
                Unmapped,
                $"{source}: {Count(record.OpenContainers, "request")} could not be mapped; correct the mapping, then replay"
                + (record.IsFull ? "; until then further ones are answered 503" : ""), CorrectMapping);
        }
        else if (record.IsFull)
        {
            yield return new(
                Unmapped,
                $"{source}: too many requests of the last hour could not be mapped; correct the mapping; "
                + "until then this process answers further ones 503", CorrectMapping);
        }

        // Since the start of this process, where it has sent nothing.
        var last = record.LastRequestAt ?? record.Start;
        if (health.SilenceAfter is { } longest && now - last > longest)
        {
            yield return new(
                Silent, $"{source} silent for {SpanText.Of(now - last)}",
                "Check at the sender whether the webhook is enabled and which answers it got, then the path through proxies. "
                + "Where the silence is usual, raise Health.SilenceAfter of the source.", last);
        }
    }

    private static string VerbOf(string? reason) => reason == RejectionReason.Unavailable ? "unavailable" : "rejected";

    public static string ReasonText(string? reason) => reason switch
    {
        RejectionReason.MissingSignature => "signature is missing",
        RejectionReason.InvalidSignature => "signature does not match",
        RejectionReason.TooLarge => "body is too large",
        RejectionReason.UnsupportedMediaType => "body is compressed",
        RejectionReason.IncompleteBody => "body does not arrive",
        RejectionReason.Unavailable => "events cannot be stored",
        _ => reason?.Replace('_', ' ') ?? "",
    };

    public static string AdviceOf(string? reason) => reason switch
    {
        RejectionReason.InvalidSignature => "Compare the secret with the sender's: it was changed there, or the gateway's has "
            + "expired, or a proxy changes bodies. On the source's page, Try a request shows which setting matches.",
        RejectionReason.MissingSignature =>
            "The sender does not sign, or a proxy removes its header: compare the rejected requests with the source's settings.",
        RejectionReason.Unavailable => "The gateway cannot store events: look at its backends.",
        RejectionReason.TooManyRequests or RejectionReason.Overloaded =>
            "The sender is above its limits (docs/security.md): ask it to slow down, or raise them.",
        _ => "An error of the sender: its rejected requests name the field or header.",
    };

    public static string Count(long count, string of)
        => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {of}{(count == 1 ? "" : "s")}");
}
