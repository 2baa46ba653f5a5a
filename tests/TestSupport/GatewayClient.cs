using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;

namespace Gateway.TestSupport;

/// <summary>
/// The requests of senders and operators to a gateway in this or another process. It remembers the accepted events: lists and
/// counts are returned once the store has them all. With a queue in between, that is shortly after the answer 202.
/// </summary>
public sealed class GatewayClient(HttpClient http, string secret) : IDisposable
{
    public const string BasePath = "/v1/events-gateway";

    private ConcurrentDictionary<string, bool> _accepted = new();

    public HttpClient Http => http;

    /// <summary>Continues for another client, with the events that it got accepted.</summary>
    public GatewayClient After(GatewayClient other)
    {
        _accepted = other._accepted;
        return this;
    }

    public Task<HttpResponseMessage> PostSignedAsync(Webhook webhook, CancellationToken cancellationToken = default)
        => PostSignedAsync(webhook.ToBytes(), cancellationToken);

    public async Task<HttpResponseMessage> PostSignedAsync(byte[] body, CancellationToken cancellationToken = default)
    {
        using var request = SignedRequest(body);
        var answer = await http.SendAsync(request, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.Accepted) _accepted.TryAdd(Answers.KeyOf(answer), true);
        return answer;
    }

    /// <summary>A valid request; a test changes the part that it is about.</summary>
    public HttpRequestMessage SignedRequest(byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, BasePath) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add(Signature.Header, Signature.Of(body, secret));
        return request;
    }

    /// <summary>Posts a webhook that must be accepted; returns its event key.</summary>
    public async Task<string> AcceptedAsync(Webhook webhook)
    {
        using var answer = await PostSignedAsync(webhook);
        return await answer.AcceptedKeyAsync();
    }

    /// <summary>Sends a request that must be answered with a problem.</summary>
    public async Task<(int Status, JsonElement Problem)> RejectedAsync(HttpRequestMessage request)
    {
        using (request)
        using (var answer = await http.SendAsync(request))
        {
            answer.Content.Headers.ContentType!.ToString().ShouldBe("application/problem+json; charset=utf-8");
            return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
        }
    }

    public async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken = default)
        => await http.GetFromJsonAsync<JsonElement>(path, cancellationToken);

    /// <summary>Also of a process that is not ready: it still starts, or a busy machine lets a probe fail.</summary>
    public async Task<JsonElement> ReadinessAsync()
    {
        using var answer = await http.GetAsync("/health/ready");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>The counts at this moment.</summary>
    public Task<JsonElement> SnapshotAsync(CancellationToken cancellationToken = default)
        => ReadAsync($"{BasePath}/events/counts", cancellationToken);

    public Task<JsonElement> CountsAsync(CancellationToken cancellationToken = default)
        => Until.TrueAsync(
            () => SnapshotAsync(cancellationToken), counts => counts.GetProperty("accepted").GetInt64() >= _accepted.Count);

    /// <summary>One event, once it is in the store.</summary>
    public async Task<JsonElement> EventAsync(string key, CancellationToken cancellationToken = default)
        => (await Until.TrueAsync(() => FindAsync(key, cancellationToken), found => found is not null))!.Value;

    /// <summary>Every event that the operator API lists, page by page.</summary>
    public async Task<IReadOnlyList<JsonElement>> EventsAsync(string query = "", CancellationToken cancellationToken = default)
    {
        await CountsAsync(cancellationToken);
        var all = new List<JsonElement>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await ReadAsync(
                $"{BasePath}/events?limit=200{query}{(cursor == "" ? "" : $"&cursor={cursor}")}", cancellationToken);
            all.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.GetProperty("nextCursor").GetString();
        }

        return all;
    }

    /// <summary>Waits until no event is pending; returns the counts.</summary>
    public Task<JsonElement> SettledAsync(TimeSpan? within = null)
        => Until.TrueAsync(() => CountsAsync(), counts => counts.GetProperty("pending").GetInt64() == 0, within);

    public Task<JsonElement> StatusAsync(string key, string status, TimeSpan? within = null)
        => Until.TrueAsync(() => EventAsync(key), e => e.GetProperty("status").GetString() == status, within);

    public async Task<JsonElement> ReplayAsync(object request)
    {
        using var answer = await http.PostAsJsonAsync($"{BasePath}/replays", request);
        ((int)answer.StatusCode).ShouldBe(202, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public void Dispose() => http.Dispose();

    /// <summary>From the store, which on a busy machine may not answer in time.</summary>
    private async Task<JsonElement> ReadAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await Until.TrueAsync(
            () => http.GetAsync(path, cancellationToken), answer => answer.StatusCode != HttpStatusCode.ServiceUnavailable);
        return await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }

    private async Task<JsonElement?> FindAsync(string key, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync($"{BasePath}/events/{key}", cancellationToken);
        return answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.ServiceUnavailable
            ? null
            : await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }
}

public static class Answers
{
    public static async Task<string> AcceptedKeyAsync(this HttpResponseMessage answer)
    {
        ((int)answer.StatusCode).ShouldBe(202, await answer.Content.ReadAsStringAsync());
        return KeyOf(answer);
    }

    internal static string KeyOf(HttpResponseMessage answer) => answer.Headers.Location!.ToString().Split('/')[^1];

    public static bool IsReplayed(this HttpResponseMessage answer)
        => answer.Headers.TryGetValues("Idempotent-Replayed", out var values) && values.Single() == "true";

    public static string? Text(this JsonElement json, string member) => json.GetProperty(member).GetString();

    /// <summary>The names of the fields in the errors of a problem, sorted.</summary>
    public static IEnumerable<string> FieldsWithErrors(this JsonElement problem)
        => problem.TryGetProperty("errors", out var errors) ? errors.EnumerateObject().Select(field => field.Name).Order() : [];
}
