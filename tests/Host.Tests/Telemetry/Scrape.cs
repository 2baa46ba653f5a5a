using System.Globalization;
using System.Net.Http.Headers;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.Telemetry;

/// <summary>One scrape as Prometheus reads it.</summary>
public sealed record Scrape(IReadOnlyList<string> Lines)
{
    public static async Task<Scrape> OfAsync(GatewayClient gateway, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (accept is not null) request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        using var answer = await gateway.Http.SendAsync(request);
        return new Scrape((await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync()).Split('\n'));
    }

    /// <summary>Name and kind of all metrics of the gateway.</summary>
    public IEnumerable<string> Types => Lines.Where(line => line.StartsWith("# TYPE gateway_", StringComparison.Ordinal)).Select(
        line => line["# TYPE ".Length..]);

    /// <summary>The sum of all samples of a name with these labels; null without samples.</summary>
    public double? this[string name, params string[] labels]
    {
        get
        {
            double[] values =
            [
                .. Lines.Where(line => line.StartsWith(name + '{', StringComparison.Ordinal) && labels.All(line.Contains))
                    .Select(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture)),
            ];
            return values.Length == 0 ? null : values.Sum();
        }
    }

    public override string ToString() => string.Join(
        '\n', Lines.Where(line => line.StartsWith("gateway_", StringComparison.Ordinal) && !line.Contains("_bucket")));
}
