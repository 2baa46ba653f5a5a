using System.Net;
using System.Text.Json;
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
    public Task<EventCounts> FirstCountsAsync(CancellationToken cancellationToken)
        => AskAsync(
            $"{Events}/counts",
            async answer => answer.IsSuccessStatusCode ? await ReadAsync<EventCounts>(answer, cancellationToken)
                : throw new CannotRunException(
                    $"The operator API answers {(int)answer.StatusCode}: accounting needs it. Set --api-key to the gateway's Gateway:Operator:ApiKey."),
            cancellationToken);

    /// <summary>False too when something else than a gateway is loaded.</summary>
    public async Task<bool> IsOpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CountsAsync(cancellationToken);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public Task<EventCounts> CountsAsync(CancellationToken cancellationToken) => GetAsync<EventCounts>($"{Events}/counts", cancellationToken);

    /// <summary>Every event of one merchant, page by page.</summary>
    public async Task<List<EventRow>> RowsAsync(string merchantId, CancellationToken cancellationToken)
    {
        var rows = new List<EventRow>();
        for (string? cursor = ""; cursor is not null;)
        {
            var from = cursor.Length == 0 ? "" : $"&cursor={cursor}";
            var page = await GetAsync<EventRowPage>($"{Events}?limit={RowsOfPage}&merchantId={merchantId}{from}", cancellationToken);
            rows.AddRange(page.Items);
            cursor = page.NextCursor;
        }

        return rows;
    }

    public Task<EventHistory> HistoryAsync(string key, CancellationToken cancellationToken)
        => GetAsync<EventHistory>($"{Events}/{key}", cancellationToken);

    /// <summary>Null when the routing service behind the gateway is not the stub.</summary>
    public Task<StubStats?> StubStatsAsync(CancellationToken cancellationToken) => FindAsync<StubStats>(Stats, cancellationToken);

    /// <summary>Null when the stub does not remember keys.</summary>
    public Task<Dictionary<string, StubKey>?> StubKeysAsync(CancellationToken cancellationToken)
        => FindAsync<Dictionary<string, StubKey>>($"{Stats}/keys", cancellationToken);

    public void Dispose() => _http.Dispose();

    private Task<T?> FindAsync<T>(string path, CancellationToken cancellationToken) where T : class
        => AskAsync(
            path,
            async answer => answer.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync<T>(answer, cancellationToken),
            cancellationToken);

    private Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
        => AskAsync(path, answer => ReadAsync<T>(answer, cancellationToken), cancellationToken);

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, CancellationToken cancellationToken)
        => await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<T>(cancellationToken) ?? throw new JsonException("It is null.");

    /// <summary>Whatever way the gateway fails to answer, it is one exception to those who ask.</summary>
    private async Task<T> AskAsync<T>(string path, Func<HttpResponseMessage, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync(path, cancellationToken);
            return await read(answer);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"{path} was not answered within {_http.Timeout.TotalSeconds:0} s.", late);
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException)
        {
            throw new HttpRequestException($"The answer of {path} is not what it should be: {unreadable.Message}", unreadable);
        }
    }
}
