using System.Net;
using System.Text.Json;

namespace Gateway.LoadTest.Measure.Accounting;

/// <summary>Client of the operator API and of the routing stub.</summary>
internal sealed class OperatorClient : IDisposable
{
    private const int PageSize = 200;
    private const string Events = "/v1/events-gateway/events";
    private const string Stats = "/v1/routing-service/stats";

    private readonly HttpClient _http;

    public OperatorClient(Uri gateway, string? apiKey)
    {
        _http = new HttpClient { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(60) };
        if (apiKey is not null) _http.DefaultRequestHeaders.Add("X-Api-Key", apiKey);
    }

    /// <summary>Fails before a run starts when the operator API cannot be used.</summary>
    public Task<EventCounts> RequireCountsAsync(CancellationToken cancellationToken)
        => SendAsync(
            $"{Events}/counts",
            async response => response.IsSuccessStatusCode ? await ReadAsync<EventCounts>(response, cancellationToken)
                : throw new CannotRunException(
                    $"The operator API responded with {(int)response.StatusCode}, but accounting needs it. "
                    + "Set --api-key to the gateway's Gateway:Operator:ApiKey."),
            cancellationToken);

    /// <summary>Of a release build with its commit; null where the target names none.</summary>
    public async Task<string?> VersionAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync<GatewayVersion>("/health/live", cancellationToken) is { Version: { } version } found
                ? found.Commit is { } commit ? $"{version} ({commit})" : version
                : null;
        }
        catch (HttpRequestException)
        {
            // A proxy may let nothing but webhooks through.
            return null;
        }
    }

    /// <summary>False without access, or when the target is not a gateway.</summary>
    public async Task<bool> IsAvailableAsync(CancellationToken cancellationToken)
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

    public Task<EventCounts> CountsAsync(CancellationToken cancellationToken)
        => GetAsync<EventCounts>($"{Events}/counts", cancellationToken);

    /// <summary>All events that the filters leave, of the run's shipments where a filter names them.</summary>
    public async Task<List<EventRow>> RowsAsync(IEnumerable<RowFilter> filters, CancellationToken cancellationToken)
    {
        var rows = new List<EventRow>();
        foreach (var filter in filters.Distinct()) await AddRowsAsync(filter, rows, cancellationToken);
        return rows;
    }

    private async Task AddRowsAsync(RowFilter filter, List<EventRow> rows, CancellationToken cancellationToken)
    {
        for (string? cursor = ""; cursor is not null;)
        {
            var from = cursor.Length == 0 ? "" : $"&cursor={cursor}";
            var path = $"{Events}?limit={PageSize}&{filter.Query}{from}";
            var page = await GetAsync<EventRowPage>(path, cancellationToken);
            rows.AddRange(filter.Shipment is not { } part ? page.Items
                : page.Items.Where(row => row.ShipmentId?.Contains(part, StringComparison.Ordinal) == true));
            cursor = page.NextCursor;
        }
    }

    public Task<EventHistory> HistoryAsync(string key, CancellationToken cancellationToken)
        => GetAsync<EventHistory>($"{Events}/{key}", cancellationToken);

    /// <summary>Null when the gateway does not run the routing stub.</summary>
    public Task<StubStats?> StubStatsAsync(CancellationToken cancellationToken) => FindAsync<StubStats>(Stats, cancellationToken);

    /// <summary>Null when the stub does not list keys.</summary>
    public Task<Dictionary<string, StubKey>?> StubKeysAsync(CancellationToken cancellationToken)
        => FindAsync<Dictionary<string, StubKey>>($"{Stats}/keys", cancellationToken);

    public void Dispose() => _http.Dispose();

    private Task<T?> FindAsync<T>(string path, CancellationToken cancellationToken) where T : class
        => SendAsync(
            path,
            async response
                => response.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync<T>(response, cancellationToken),
            cancellationToken);

    private Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
        => SendAsync(path, response => ReadAsync<T>(response, cancellationToken), cancellationToken);

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
        => await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<T>(cancellationToken)
           ?? throw new JsonException("The body is null.");

    /// <summary>Turns time-outs and unreadable bodies into <see cref="HttpRequestException"/>.</summary>
    private async Task<T> SendAsync<T>(string path, Func<HttpResponseMessage, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(path, cancellationToken);
            return await read(response);
        }
        catch (OperationCanceledException timeout) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"{path} did not respond within {_http.Timeout.TotalSeconds:0} s.", timeout);
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw new HttpRequestException($"The response of {path} could not be read: {error.Message}", error);
        }
    }
}

/// <summary>An event in the list of the operator API.</summary>
internal sealed record EventRow(
    string Key, string Status, string? Outcome, DateTimeOffset? ProcessedAt, string? ShipmentId = null)
{
    public bool IsSettled => Status is "processed" or "failed" or "dismissed";
}

internal sealed record GatewayVersion(string? Version, string? Commit);

internal sealed record EventRowPage(IReadOnlyList<EventRow> Items, string? NextCursor);
