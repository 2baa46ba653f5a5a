using System.Globalization;
using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.ReadHistory.EndToEnd;

public sealed class HistoryTests
{
    private const string History = GatewayClient.BasePath + "/history";

    [Fact]
    public async Task Events_stand_in_the_history_by_source_also_after_a_restart()
    {
        var webhooks = new Webhooks();
        await using var first = GatewayHost.Start();
        await Task.WhenAll(webhooks.Take(5).Select(first.Client.AcceptedAsync));
        await ShouldHaveAsync(first, 5);
        await first.StopAsync();

        await using var second = first.StartAgain();
        await second.Client.AcceptedAsync(webhooks.Next());

        await ShouldHaveAsync(second, 6);

        static async Task ShouldHaveAsync(GatewayHost host, int events)
        {
            await Until.TrueAsync(() => PointsAsync(host, ""), points => Routed(points) == events);
            foreach (var query in new[] { "", $"?source={CanonicalEvent.BuiltInSource}", "?step=300", $"?from={Days(-30)}" })
            {
                var points = await PointsAsync(host, query);
                points.Sum(point => Number(point, "accepted")).ShouldBe(events, query);
                Routed(points).ShouldBe(events, query);
            }

            (await PointsAsync(host, "")).ShouldContain(point => point.GetProperty("accept").ValueKind == JsonValueKind.Object);
            (await PointsAsync(host, "?source=unknown")).Sum(point => Number(point, "accepted")).ShouldBe(0);
            (await PointsAsync(host, "?process=unknown")).ShouldAllBe(point => point.GetProperty("seconds").GetDouble() == 0);
        }
    }

    [Fact]
    public async Task Rejected_requests_are_counted_by_their_reason()
    {
        await using var host = GatewayHost.Start();
        for (var i = 0; i < 3; i++)
            using (await host.Client.Http.PostAsync(GatewayClient.BasePath, new StringContent("{}"))) { }

        (await PointsAsync(host, "?source=gateway")).Sum(point => Number(point.GetProperty("rejected"), "missing_signature"))
            .ShouldBe(3);
    }

    [Theory]
    [InlineData(-1, 0, null, 10, 361)]
    [InlineData(-24, 0, null, 300, 289)]
    [InlineData(-24, 0, "1", 120, 721)]
    [InlineData(-24, 0, "3000", 3600, 25)]
    [InlineData(-30 * 24, 0, null, 7200, 361)]
    [InlineData(-30 * 24, 0, "1", 3600, 721)]
    [InlineData(-30 * 24, -30 * 24 + 1, "10", 300, 13)]
    public async Task Step_is_the_finest_that_is_kept_and_fits(int from, int to, string? step, int expected, int points)
    {
        await using var host = GatewayHost.Start();

        var chosen = step is null ? "" : $"&step={step}";
        var answer = await host.Client.GetAsync($"{History}?from={Hours(from)}&to={Hours(to)}{chosen}");

        answer.GetProperty("step").GetInt32().ShouldBe(expected);
        answer.GetProperty("points").GetArrayLength().ShouldBeInRange(points - 1, points);
        answer.GetProperty("points")[0].Text("at").ShouldBe(answer.Text("from"));
    }

    [Theory]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=2026-02-30", "to")]
    [InlineData("step=0", "step")]
    [InlineData("step=1.5", "step")]
    [InlineData("step=86401", "step")]
    [InlineData("from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "from")]
    [InlineData("from=0001-01-01&to=0001-01-02", "from")]
    [InlineData("from=9999-01-01", "from")]
    public async Task Wrong_range_is_rejected_with_the_field(string query, string field)
    {
        await using var host = GatewayHost.Start();

        var (status, problem) = await host.Client.RejectedAsync(new(HttpMethod.Get, $"{History}?{query}"));

        status.ShouldBe(400);
        problem.FieldsWithErrors().ShouldBe([field]);
    }

    private static long Routed(IEnumerable<JsonElement> points)
        => points.Sum(point => Number(point.GetProperty("outcomes"), "routed"));

    private static string Hours(int hours)
        => DateTimeOffset.UtcNow.AddHours(hours).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Days(int days) => Hours(24 * days);

    private static long Number(JsonElement element, string name)
        => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : 0;

    private static async Task<IReadOnlyList<JsonElement>> PointsAsync(GatewayHost host, string query)
        => [.. (await host.Client.GetAsync($"{History}{query}")).GetProperty("points").EnumerateArray()];
}
