using System.Text.Json;
using Gateway.Host.Tests.Console.Browser;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.Console;

/// <summary>The findings on the overview, drawn from given ones.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class StatusPanelTests(Chromium chromium)
{
    private const string Drawn = """
        async statuses => {
          const { statusPanel } = await import('/console/assets/components/status-panel.js');
          const panel = statusPanel();
          return JSON.stringify(statuses.map(each => {
            panel.draw(JSON.parse(each));
            return { kind: panel.node.dataset.kind, text: panel.node.textContent,
              links: [...panel.node.querySelectorAll('a')].map(link => `${link.textContent}: ${link.getAttribute('href')}`) };
          }));
        }
        """;

    // The focused link stays the same element while only numbers change.
    private const string KeptLink = """
        async statuses => {
          const { statusPanel } = await import('/console/assets/components/status-panel.js');
          const panel = statusPanel();
          const links = statuses.map(each => {
            panel.draw(JSON.parse(each));
            return panel.node.querySelector('a');
          });
          return links.every(link => link === links[0]);
        }
        """;

    [Fact]
    public async Task Each_finding_is_shown_with_text_start_advice_and_link()
    {
        var drawn = (await DrawAsync(StatusOf("critical",
            Finding("circuit-open", "critical", "It is down.", "Call its owner.", "/console#/events?status=pending"),
            Finding("source-fails", "warning", "aramex is rejected.", "Compare it.", "/console#/sources/aramex")))).Single();

        drawn.Kind.ShouldBe("bad");
        drawn.Text.ShouldMatch(@"It is down\.Since .+ ago\. Call its owner\.aramex is rejected\.Since .+ ago\. Compare it\.");
        drawn.Links.ShouldBe(
            ["See the source: /console#/sources/aramex", "See pending events: /console#/events?status=pending"],
            ignoreOrder: true);
    }

    [Fact]
    public async Task Kind_follows_the_worst_severity_and_healthy_is_said_without_a_finding()
    {
        var drawn = await DrawAsync(
            StatusOf("healthy"), StatusOf("attention", Finding("lag", "warning", "Late.", "Wait.", null)), StatusOf("healthy"));

        drawn.Select(each => each.Kind).ShouldBe(["good", "warn", "good"]);
        drawn[0].Text.ShouldBe("The gateway is healthy.No rule is crossed.");
    }

    [Fact]
    public async Task Earlier_failures_are_mentioned_and_removed_ones_are_not()
    {
        var drawn = await DrawAsync(StatusOf("healthy", failed: 3, removed: 2), StatusOf("healthy", failed: 3, removed: 3));

        drawn[0].Text.ShouldContain("1 event failed earlier.");
        drawn[0].Links.ShouldBe(["See failed events: #/failed"]);
        drawn[1].Text.ShouldNotContain("failed");
    }

    [Fact]
    public async Task Link_stays_while_only_numbers_change()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        string[] states = [.. new[] { "3 events", "4 events" }.Select(text => JsonSerializer.Serialize(
            StatusOf("attention", Finding("lag", "warning", text, "Wait.", "/console#/failed"))))];

        (await visit.Page.EvaluateAsync<bool>(KeptLink, states)).ShouldBeTrue();
    }

    private static object Finding(string id, string severity, string text, string advice, string? link)
        => new
        {
            id, severity, since = "2026-01-02T03:04:05.000Z", source = (string?)null, about = (string?)null, text, advice, link,
        };

    private static object StatusOf(string state, params object[] findings)
        => new { status = new { state, findings }, counts = (object?)null };

    private static object StatusOf(string state, int failed, int removed) => new
    {
        status = new { state, findings = Array.Empty<object>() }, counts = new { failed, removed = new { failed = removed } },
    };

    private async Task<Panel[]> DrawAsync(params object[] statuses)
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        string[] argument = [.. statuses.Select(status => JsonSerializer.Serialize(status))];
        var json = await visit.Page.EvaluateAsync<string>(Drawn, argument);
        return JsonSerializer.Deserialize<Panel[]>(json, JsonSerializerOptions.Web)!;
    }

    private sealed record Panel(string Kind, string Text, string[] Links);
}
