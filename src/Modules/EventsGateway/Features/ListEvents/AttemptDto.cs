using System.ComponentModel;
using System.Text;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Routing;
using Gateway.Shared.Errors;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Features.ListEvents;

public sealed record AttemptDto
{
    internal AttemptDto(AttemptRecord attempt)
    {
        Generation = attempt.Generation;
        Number = attempt.Number;
        StartedAt = IsoTime.Text(attempt.StartedAt);
        DurationMs = attempt.DurationMs;
        Result = attempt.Result;
        Error = attempt.Error;
        Probes = attempt.Probes ?? 0;
        LastStartedAt = attempt.LastStartedAt is { } last ? IsoTime.Text(last) : null;
        Url = attempt.Url;
        Answer = attempt.Answer is { } answer
            ? new AttemptAnswerDto(answer.Status, answer.Headers?.Split('\n') ?? [], answer.Body)
            : null;
    }

    public int Generation { get; }

    /// <summary>
    /// Counts the calls of a generation; after an abandoned attempt the next one has the same number.
    /// </summary>
    public int Number { get; }

    public string StartedAt { get; }

    /// <summary>Null if the worker died.</summary>
    public long? DurationMs { get; }

    [Description(AttemptResult.OneOf)]
    public string Result { get; }

    public string? Error { get; }

    /// <summary>
    /// 0 for one call. Otherwise the number of calls in a row that had this result and did not count against the event.
    /// </summary>
    public int Probes { get; }

    /// <summary>The start of the last of several calls; otherwise null.</summary>
    public string? LastStartedAt { get; }

    /// <summary>The address that was called, without credentials and query; null where it was routed, and in old rows.</summary>
    public string? Url { get; }

    /// <summary>What the routing service answered; null without an answer.</summary>
    public AttemptAnswerDto? Answer { get; }
}

/// <summary>What every attempt of an event sends; configured headers and credentials are left out.</summary>
/// <param name="Method">POST.</param>
/// <param name="Headers">As <c>name: value</c>.</param>
/// <param name="Body">Its first 2 KiB, without control characters.</param>
public sealed record RoutingRequestDto(string Method, IReadOnlyList<string> Headers, string Body)
{
    private const int MaxBody = 2048;

    internal static RoutingRequestDto Of(EventEntity e)
    {
        string[] headers = ["Content-Type: application/json", $"Idempotency-Key: {e.Key}"];
        var body = Encoding.UTF8.GetString(EventMapper.ToRoutingRequest(e).Span);
        return new RoutingRequestDto("POST", headers, OutsideText.Clean(body, MaxBody));
    }
}

/// <param name="Status">The HTTP status.</param>
/// <param name="Headers">A few of them, as <c>name: value</c>.</param>
/// <param name="Body">The first 2 KiB, without control characters.</param>
public sealed record AttemptAnswerDto(int Status, IReadOnlyList<string> Headers, string? Body);
