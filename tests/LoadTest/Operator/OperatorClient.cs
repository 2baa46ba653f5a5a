using System.Net;
using Gateway.LoadTest.Client;

namespace Gateway.LoadTest.Operator;

/// <summary>What operators may ask the gateway, and its routing stub.</summary>
internal sealed class OperatorClient : IDisposable
{
    private const int RowsOfPage = 200;
    private const string Events = "/v1/events-gateway/events";
    private const string Stats = "/v1/routing-service/stats";

    private readonly HttpClient _http;

    public OperatorClient(Uri gateway, string? apiKey)
    {
        _http = new HttpClient { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(60) };
        if (apiKey is not null) _http.DefaultRequestHeaders.Add("X-Api-Key", apiKey);
    }

    /// <summary>Before a run, so that nobody waits for an answer that can't be had.</summary>
    public async Task<EventCounts> FirstCountsAsync(CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync($"{Events}/counts", cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            throw new CannotRunException(
                $"The operator API answers {(int)answer.StatusCode}: accounting needs it. Set --api-key to the gateway's Gateway:Operator:ApiKey.");
        }

        return (await answer.Content.ReadFromJsonAsync<EventCounts>(cancellationToken))!;
    }

    public async Task<bool> IsOpenAsync(CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync($"{Events}/counts", cancellationToken);
        return answer.IsSuccessStatusCode;
    }

    public async Task<EventCounts> CountsAsync(CancellationToken cancellationToken)
        => (await _http.GetFromJsonAsync<EventCounts>($"{Events}/counts", cancellationToken))!;

    public async Task<bool> AnyPendingAsync(string merchantId, CancellationToken cancellationToken)
        => (await _http.GetFromJsonAsync<EventRowPage>($"{Events}?status=pending&limit=1&merchantId={merchantId}", cancellationToken))!.Items.Count > 0;

    /// <summary>Every event of one merchant, page by page.</summary>
    public async Task<List<EventRow>> RowsAsync(string merchantId, CancellationToken cancellationToken)
    {
        var rows = new List<EventRow>();
        for (string? cursor = ""; cursor is not null;)
        {
            var from = cursor.Length == 0 ? "" : $"&cursor={cursor}";
            var page = await _http.GetFromJsonAsync<EventRowPage>($"{Events}?limit={RowsOfPage}&merchantId={merchantId}{from}", cancellationToken);
            rows.AddRange(page!.Items);
            cursor = page.NextCursor;
        }

        return rows;
    }

    public async Task<EventHistory> HistoryAsync(string key, CancellationToken cancellationToken)
        => (await _http.GetFromJsonAsync<EventHistory>($"{Events}/{key}", cancellationToken))!;

    /// <summary>Null when the routing service behind the gateway is not the stub.</summary>
    public Task<StubStats?> StubStatsAsync(CancellationToken cancellationToken) => FindAsync<StubStats>(Stats, cancellationToken);

    /// <summary>Null when the stub does not remember keys.</summary>
    public Task<Dictionary<string, StubKey>?> StubKeysAsync(CancellationToken cancellationToken)
        => FindAsync<Dictionary<string, StubKey>>($"{Stats}/keys", cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<T?> FindAsync<T>(string path, CancellationToken cancellationToken) where T : class
    {
        using var answer = await _http.GetAsync(path, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound) return null;
        return await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<T>(cancellationToken);
    }
}
