using System.Net;
using System.Text.RegularExpressions;
using Gateway.Host.Tests.Architecture;
using Gateway.TestSupport;
using YamlDotNet.RepresentationModel;

namespace Gateway.Host.Tests.Docker;

/// <summary>
/// Checks of the chart that need no Helm: every branch and the body of every loop once, each value a placeholder.
/// </summary>
public sealed partial class HelmChartTests
{
    private static readonly Dictionary<string, string> Templates = Solution.Files("docker/helm/templates", "*.yaml")
        .ToDictionary(file => file.Path, file => file.Text);

    private static readonly YamlMappingNode Values = Parse(new SourceFile("docker/helm/values.yaml").Text).Single();

    private static readonly List<YamlMappingNode> Objects =
        [.. Templates.Values.SelectMany(template => Parse(Action().Replace(Control().Replace(template, ""), "x")))];

    [Fact]
    public void Chart_has_the_objects_of_both_roles()
        => Objects.Select(one => Text(one, "kind")).ShouldBe(
            ["Deployment", "HorizontalPodAutoscaler", "PodDisruptionBudget", "Service", "Service", "ConfigMap"],
            ignoreOrder: true);

    [Fact]
    public void Every_value_that_a_template_reads_is_in_the_values()
    {
        var paths = Templates.SelectMany(template => Value().Matches(template.Value))
            .Select(value => value.Groups["path"].Value.Split('.'))
            .Concat(from template in Templates
                    from value in RoleValue().Matches(template.Value)
                    from role in new[] { "ingest", "worker" }
                    let name = value.Groups["name"].Value
                    // Each role is scaled by a value of its own.
                    where name != (role == "ingest" ? "targetBacklogAge" : "targetCpu")
                    select new[] { role, name })
            .ToList();

        paths.Count.ShouldBeGreaterThan(8);
        paths.Where(path => !Has(Values, path)).Select(path => string.Join('.', path)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Probes_call_existing_endpoints()
    {
        var container = Container();
        await using var gateway = GatewayHost.Start();
        foreach (var probe in new[] { "livenessProbe", "startupProbe", "readinessProbe" })
        {
            var path = Text(container[probe]["httpGet"], "path");
            using var answer = await gateway.Client.Http.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        }
    }

    [Fact]
    public void Pod_waits_longer_than_the_shutdown_of_the_gateway()
    {
        var wait = int.Parse(Text(Container()["lifecycle"]["preStop"]["exec"]["command"][1]));

        TimeSpan.FromSeconds(int.Parse(Text(Pod(), "terminationGracePeriodSeconds")) - wait)
            .ShouldBeGreaterThan(new AppOptions().StopWithin);
    }

    [Fact]
    public void Secrets_are_files_of_the_container()
    {
        var files = (YamlMappingNode)Values["secretFiles"];
        var folder = ((YamlSequenceNode)Container()["volumeMounts"]).Single(mount => Text(mount, "name") == "secrets");

        files.Children.Keys.Select(Text).ShouldAllBe(name => SecretFile().IsMatch(name));
        ((YamlMappingNode)Values["settings"]).Children.Keys.Select(Text).ShouldAllBe(name => !Secret().IsMatch(name));
        new SourceFile("docker/helm/templates/deployments.yaml").Text
            .ShouldContain($"value: {Text(folder, "mountPath")}/{{{{ $key }}}}\n");
        Text(Volume("secrets")["secret"], "secretName").ShouldBe("x");
        // Octal 440: the user of the image gets the group of the pod.
        Convert.ToString(int.Parse(Text(Volume("secrets")["secret"], "defaultMode")), 8).ShouldBe("440");
        Pod()["securityContext"].AllNodes.ShouldContain(new YamlScalarNode("fsGroup"));
        Container().AllNodes.ShouldNotContain(new YamlScalarNode("envFrom"));
    }

    [Fact]
    public void Container_has_no_rights_and_limited_resources()
    {
        var rights = Container()["securityContext"];
        Text(rights, "allowPrivilegeEscalation").ShouldBe("false");
        Text(rights, "readOnlyRootFilesystem").ShouldBe("true");
        Text(rights["capabilities"]["drop"][0]).ShouldBe("ALL");
        Text(Pod()["securityContext"], "runAsNonRoot").ShouldBe("true");
        Text(Pod()["securityContext"]["seccompProfile"], "type").ShouldBe("RuntimeDefault");
        Text(Pod(), "automountServiceAccountToken").ShouldBe("false");
        Volume("tmp")["emptyDir"]["sizeLimit"].ShouldNotBeNull();
        foreach (var role in new[] { "ingest", "worker" })
        {
            var limits = Values[role]["resources"]["limits"];
            Text(limits, "memory").ShouldNotBeEmpty();
            Text(limits, "ephemeral-storage").ShouldNotBeEmpty();
        }
    }

    [Fact]
    public void Metric_of_the_autoscaler_is_one_of_the_gateway()
    {
        var scaler = Objects.Single(one => Text(one, "kind") == "HorizontalPodAutoscaler");
        var metric = Text(scaler["spec"]["metrics"][1]["external"]["metric"], "name");

        new SourceFile("docs/operations/metrics.md").Text.ShouldContain($"`{metric}`");
    }

    private static YamlMappingNode Deployment() => Objects.Single(one => Text(one, "kind") == "Deployment");

    private static YamlNode Pod() => Deployment()["spec"]["template"]["spec"];

    private static YamlNode Container() => Pod()["containers"][0];

    private static YamlNode Volume(string name)
        => ((YamlSequenceNode)Pod()["volumes"]).Single(volume => Text(volume, "name") == name);

    private static IEnumerable<YamlMappingNode> Parse(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return stream.Documents.Select(document => document.RootNode).OfType<YamlMappingNode>();
    }

    private static bool Has(YamlNode node, string[] path)
        => path.Length == 0
           || (node is YamlMappingNode map && map.Children.TryGetValue(path[0], out var next) && Has(next, path[1..]));

    private static string Text(YamlNode node, string name) => Text(node[name]);

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;

    [GeneratedRegex(@"^ *\{\{-? (?:range|if|else|end|\$\w+ :=).*\}\}\n", RegexOptions.Multiline)]
    private static partial Regex Control();

    [GeneratedRegex(@"\{\{.*?\}\}")]
    private static partial Regex Action();

    [GeneratedRegex(@"\$\.Values\.(?<path>[\w.]+)")]
    private static partial Regex Value();

    [GeneratedRegex(@"\$values\.(?<name>\w+)")]
    private static partial Regex RoleValue();

    [GeneratedRegex("(?i)SECRET|PASSWORD|KEY|_URI|RABBITMQ_URL")]
    private static partial Regex Secret();

    [GeneratedRegex("(_FILE|[a-z]File)$")]
    private static partial Regex SecretFile();
}
