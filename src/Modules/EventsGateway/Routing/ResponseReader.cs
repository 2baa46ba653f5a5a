using System.Globalization;
using System.Text.Json;
using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Routing;

/// <summary>Reads an answer of the routing service: a yes, or what it said instead.</summary>
internal static class ResponseReader
{
    /// <summary>A route is an id, as those of an event.</summary>
    private const int MaxRouteId = FieldRules.MaxIdCharacters;

    private const string UnknownRoute = "UNKNOWN";

    private const int MaxQuoted = 40;

    public static async Task<RoutingResponse> ReadAsync(
        HttpResponseMessage response, bool emptyIsRouted, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var body = await AnswerBody.ReadAsync(response, cancellationToken);
        var status = (int)response.StatusCode;
        var read = response.IsSuccessStatusCode ? ReadSuccess(status, body, emptyIsRouted) : ReadError(status, body);
        return read with { Answer = AnswerEvidence.Of(response, body.Bytes.Span), RetryAfter = RetryAfter.Of(response, now) };
    }

    private static RoutingResponse ReadError(int status, AnswerBody body)
    {
        var responseClass = RoutingResponse.ClassOf(status);
        var result = responseClass == ResponseClass.Own ? AttemptResult.PermanentStatus : AttemptResult.TransientStatus;
        return new RoutingResponse(responseClass, result)
        {
            Error = Answered(status, "", AnswerEvidence.ErrorTextOf(body.Bytes)),
        };
    }

    /// <summary>As the original reads it: <c>routed</c> is truthy as in JavaScript, a missing routeId is "UNKNOWN".</summary>
    private static RoutingResponse ReadSuccess(int status, AnswerBody body, bool emptyIsRouted)
    {
        if (body.Defect is { } defect) return Unreadable(status, $" with {defect}");
        if (body.Bytes.IsEmpty) return emptyIsRouted ? Routed(UnknownRoute) : Unreadable(status, " without a body");
        try
        {
            using var json = JsonDocument.Parse(body.Bytes);
            var kind = json.RootElement.ValueKind;
            if (kind != JsonValueKind.Object) return Unreadable(status, $" with a JSON {kind.ToString().ToLowerInvariant()}");
            return ReadObject(status, json.RootElement);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return Unreadable(status, $" with {body.MediaType ?? "a body"} that is not JSON");
        }
    }

    private static RoutingResponse ReadObject(int status, JsonElement answer)
    {
        if (!answer.TryGetProperty("routed", out var routed))
            return NotRouted(Answered(status, " with no member `routed`", AnswerEvidence.ErrorTextOf(answer)));
        if (!IsTrue(routed)) return NotRouted(Answered(null, $" routed: {Quoted(routed)}", AnswerEvidence.ErrorTextOf(answer)));
        var routeId = answer.TryGetProperty("routeId", out var id) && id.ValueKind != JsonValueKind.Null
            ? id.ToString()
            : UnknownRoute;
        if (routeId.Length > MaxRouteId || routeId.Any(char.IsControl))
            return Unreadable(status, $" with a routeId of over {MaxRouteId} characters or with control characters");
        return Routed(routeId);
    }

    private static RoutingResponse Routed(string routeId)
        => new(ResponseClass.Routed, AttemptResult.Routed) { RouteId = routeId };

    private static bool IsTrue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.Object or JsonValueKind.Array => true,
        JsonValueKind.Number => value.TryGetDouble(out var number) && number != 0,
        JsonValueKind.String => value.GetString()!.Length > 0,
        _ => false,
    };

    private static string Quoted(JsonElement value) => AnswerEvidence.Clean(value.GetRawText(), MaxQuoted);

    private static RoutingResponse NotRouted(string error)
        => new(ResponseClass.Transient, AttemptResult.NotRouted) { Error = error };

    private static RoutingResponse Unreadable(int status, string what)
        => new(ResponseClass.Transient, AttemptResult.Unreadable) { Error = Answered(status, what, null) };

    /// <summary>Failures are grouped by this text: it has the status and what the service said, and no id of ours.</summary>
    private static string Answered(int? status, string what, string? said) => string.Create(
        CultureInfo.InvariantCulture,
        $"routing service answered{(status is { } code ? $" {code}" : "")}{what}{(said is null ? "" : $": {said}")}");
}
