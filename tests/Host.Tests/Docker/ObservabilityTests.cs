using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.EventsGateway;
using Gateway.Host.Tests.Architecture;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.Docker;

/// <summary>The profile observability: metrics in alerts and dashboard exist, and every alert has a runbook.</summary>
public sealed partial class ObservabilityTests
{
    private static readonly string Alerts = Read("docker/prometheus/alerts.yml");
    private static readonly string Dashboard = Read("docker/grafana/dashboards/gateway.json");
    private static readonly string Compose = Read("docker/compose.yaml");
    private static readonly string MetricsPage = Read("docs/operations/metrics.md");
    private static readonly string AlertsPage = Read("docs/operations/alerts.md");

    /// <summary>Names as Prometheus exposes them, without the suffixes for unit and kind.</summary>
    private static readonly IReadOnlyList<string> Metrics =
        [.. Instrument().Matches(MetricsPage).Select(name => name.Value.Replace('.', '_')).Distinct()];

    public static TheoryData<string> AlertNames => [.. AlertName().Matches(Alerts).Select(alert => alert.Groups["name"].Value)];

    /// <summary>Ids and thresholds of page and pager come from one table.</summary>
    [Fact]
    public async Task Rules_file_is_the_one_that_the_gateway_writes()
    {
        await using var host = GatewayHost.Start(("Health:AcceptP99", "00:00:01"));

        EventsGatewayModule.PrometheusRules(host.Services)
            .ShouldBe(Alerts, "write it with: dotnet run --project src/Host -- rules");
    }

    [Fact]
    public async Task Threshold_of_the_settings_is_in_the_rules()
    {
        await using var host = GatewayHost.Start(("Health:RejectedShare", "0.35"), ("Health:AcceptP99", "00:00:00.250"));

        var rules = EventsGatewayModule.PrometheusRules(host.Services);

        rules.ShouldContain(") > 0.35\n");
        rules.ShouldContain("> 0.25\n");
    }

    [Fact]
    public void Every_metric_of_alerts_and_panels_is_documented()
    {
        var files = Alerts + Read("docker/prometheus/alerts.test.yml") + Dashboard;
        string[] used = [.. Exposed().Matches(files).Select(name => Plain(name.Value)).Distinct()];

        used.Length.ShouldBeGreaterThan(15);
        used.Except(Metrics).ShouldBeEmpty();
    }

    [Fact]
    public void Every_documented_metric_has_a_panel_or_an_alert()
        => Metrics.Except(Exposed().Matches(Alerts + Dashboard).Select(name => Plain(name.Value))).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(AlertNames))]
    public void Alert_has_a_severity_and_a_runbook(string name)
    {
        var alert = Regex.Match(Alerts, $@"- alert: {name}\n(?:        .*\n)+").Value;

        alert.ShouldMatch("severity: (critical|warning)");
        alert.ShouldMatch("summary: \".+\"");
        alert.ShouldContain($"runbook: docs/operations/alerts.md#{name.ToLowerInvariant()}\n");
        AlertsPage.ShouldContain($"\n### {name}\n");
    }

    [Theory]
    [MemberData(nameof(AlertNames))]
    public void Alert_has_a_test_that_fires_it(string name)
        => Read("docker/prometheus/alerts.test.yml").ShouldMatch($@"alertname: {name}\n +exp_alerts:");

    [Fact]
    public void Panels_use_the_provisioned_data_source_and_have_a_description()
    {
        var source = Regex.Match(Read("docker/grafana/provisioning/datasources/prometheus.yml"), @"uid: (\w+)").Groups[1].Value;
        var panels = JsonDocument.Parse(Dashboard).RootElement.GetProperty("panels").EnumerateArray()
            .Where(panel => panel.GetProperty("type").GetString() != "row").ToList();

        panels.Count.ShouldBeGreaterThan(10);
        panels.Select(panel => panel.GetProperty("id").GetInt32()).ShouldBeUnique();
        foreach (var panel in panels)
        {
            panel.GetProperty("datasource").GetProperty("uid").GetString().ShouldBe(source);
            panel.GetProperty("description").GetString().ShouldNotBeNullOrWhiteSpace();
            panel.GetProperty("targets").GetArrayLength().ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public void Observability_services_have_their_mounts_and_run_only_in_their_profile()
    {
        var mounts = Mount().Matches(Compose).Select(mount => mount.Groups["path"].Value).ToList();

        mounts.Count.ShouldBe(7);
        mounts.ShouldAllBe(path => Path.Exists(Path.Combine(Solution.Root, "docker", path)));
        foreach (var service in new[] { "prometheus", "grafana" })
        {
            var text = Regex.Match(Compose, $@"^  {service}:\n(    .*\n|\n)+", RegexOptions.Multiline).Value;
            text.ShouldContain("\n    profiles: [observability]\n");
            text.ShouldMatch(@"\n    image: [\w/]+:v?\d+\.\d+\.\d+\n");
        }
    }

    [Fact]
    public void Scrape_target_is_the_management_port_of_the_gateway()
    {
        var scrape = Read("docker/prometheus/prometheus.yml");

        scrape.ShouldContain("metrics_path: /metrics\n");
        var port = Regex.Match(Compose, "Gateway__App__ManagementPort: \"(\\d+)\"").Groups[1].Value;
        scrape.ShouldContain($"\"gateway:{port}\"");
        Read("docker/helm/templates/deployments.yaml").ShouldContain($"prometheus.io/port: \"{port}\"");
        scrape.ShouldContain("job_name: gateway\n");
    }

    private static string Plain(string exposed) => Suffix().Replace(exposed, "");

    private static string Read(string path) => File.ReadAllText(Path.Combine(Solution.Root, path));

    [GeneratedRegex(@"(?<=^\| `)gateway\.[a-z_.]+(?=`)", RegexOptions.Multiline)]
    private static partial Regex Instrument();

    [GeneratedRegex(@"\bgateway_[a-z_]+")]
    private static partial Regex Exposed();

    [GeneratedRegex("(_seconds)?(_total|_bucket|_count|_sum)?$")]
    private static partial Regex Suffix();

    [GeneratedRegex(@"- alert: (?<name>\w+)")]
    private static partial Regex AlertName();

    [GeneratedRegex(@"^      - \./(?<path>[^:]+):", RegexOptions.Multiline)]
    private static partial Regex Mount();
}
