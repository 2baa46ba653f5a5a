using System.Globalization;
using Gateway.EventsGateway.Monitoring;

namespace Gateway.EventsGateway.Sources;

/// <summary>What an operator should know of a source now: one sentence each, with its name in front.</summary>
internal static class SourceFindings
{
    /// <summary>Fewer failures in a row are single requests, of the sender or of anybody who knows the path.</summary>
    private const int MinFailures = 3;

    /// <summary>No secret of the source is live.</summary>
    public static string Expired(string source)
        => $"{source}: all of its secrets have expired, so each request is answered 401; add a secret, or change ExpiresAt";

    public static IEnumerable<string> Of(string source, SenderHealth health, SourceRecord record, DateTimeOffset now)
    {
        if (record is { FailingSince: { } since, FailuresInARow: >= MinFailures })
        {
            yield return $"{source}: {VerbOf(record.LastFailure)} since {since.UtcDateTime:HH:mm} UTC, "
                + $"{TextOf(record.LastFailure)} ({Count(record.FailuresInARow, "request")})";
        }

        if (health.DisablesAfter is { } limit && record.FailuresInARow >= MinFailures)
        {
            yield return record.FailuresInARow < limit
                ? $"{source} will disable us after {Count(limit - record.FailuresInARow, "more failure")}"
                : $"{source} has probably disabled us: it does so after {Count(limit, "failure")} in a row";
        }

        if (record.OpenContainers > 0)
        {
            yield return $"{source}: {Count(record.OpenContainers, "request")} could not be mapped; "
                + "correct the mapping, then replay"
                + (record.IsFull ? "; until then further ones are answered 503" : "");
        }
        else if (record.IsFull)
        {
            yield return $"{source}: too many requests of the last hour could not be mapped; correct the mapping; "
                + "until then this process answers further ones 503";
        }

        // Since the start of this process, where it has sent nothing.
        var silence = now - (record.LastRequestAt ?? record.Start);
        if (health.SilenceAfter is { } longest && silence > longest) yield return $"{source} silent for {Text(silence)}";
    }

    private static string VerbOf(string? reason) => reason == RejectionReason.Unavailable ? "unavailable" : "rejected";

    private static string TextOf(string? reason) => reason switch
    {
        RejectionReason.MissingSignature => "signature is missing",
        RejectionReason.InvalidSignature => "signature does not match",
        RejectionReason.TooLarge => "body is too large",
        RejectionReason.UnsupportedMediaType => "body is compressed",
        RejectionReason.IncompleteBody => "body does not arrive",
        RejectionReason.Unavailable => "events cannot be stored",
        _ => reason?.Replace('_', ' ') ?? "",
    };

    public static string Count(long count, string of)
        => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {of}{(count == 1 ? "" : "s")}");

    private static string Text(TimeSpan time) => time switch
    {
        { TotalDays: >= 2 } => $"{(int)time.TotalDays} d",
        { TotalHours: >= 2 } => $"{(int)time.TotalHours} h",
        _ => $"{(int)time.TotalMinutes} min",
    };
}
