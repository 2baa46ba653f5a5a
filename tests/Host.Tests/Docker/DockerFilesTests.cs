using System.Net;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Gateway.Host.Tests.Architecture;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.Docker;

/// <summary>Checks of the container files that need no Docker.</summary>
public sealed partial class DockerFilesTests
{
    private static readonly string Dockerfile = Read("docker/Dockerfile");
    private static readonly string Ignored = Read(".dockerignore");
    private static readonly string Compose = Read("docker/compose.yaml");
    private static readonly string Example = Read("docker/.env.example");

    private static readonly Dictionary<string, string> Values =
        Line().Matches(Example).ToDictionary(line => line.Groups["name"].Value, line => line.Groups["value"].Value);

    private static readonly MatchCollection Uses = Use().Matches(Compose);

    [Fact]
    [Trait("Defect", "R19")]
    public void Restore_layer_contains_every_project_of_the_host()
    {
        var copied = Copy().Matches(Dockerfile[..Dockerfile.IndexOf("RUN dotnet restore", StringComparison.Ordinal)])
            .SelectMany(copy => copy.Groups["sources"].Value.Split(' '))
            .Where(source => source.StartsWith("src/", StringComparison.Ordinal));

        copied.ShouldBe(
            ProjectsOf("src/Host/Host.csproj").Distinct()
                .SelectMany(project => new[] { project, $"{Path.GetDirectoryName(project)}/packages.lock.json" }),
            ignoreOrder: true);
    }

    [Fact]
    public void Sources_of_the_image_exist_and_are_not_ignored()
    {
        var sources = Copy().Matches(Dockerfile).SelectMany(copy => copy.Groups["sources"].Value.Split(' ')).ToList();

        sources.ShouldNotBeEmpty();
        foreach (var source in sources)
        {
            Path.Exists(Path.Combine(Solution.Root, source)).ShouldBeTrue(source);
            Ignored.Split('\n').ShouldContain($"!{source.Split('/')[0]}");
        }
    }

    [Fact]
    [Trait("Defect", "B26")]
    public void Image_runs_the_host_without_root()
        => Dockerfile[Dockerfile.LastIndexOf("FROM ", StringComparison.Ordinal)..]
            .ShouldMatch($@"(?s)\nUSER \$APP_UID\n.*\nENTRYPOINT \[""dotnet"", ""{Solution.Host.GetName().Name}\.dll""\]\s*$");

    [Fact]
    [Trait("Defect", "R18")]
    public async Task Health_checks_of_the_containers_call_existing_endpoints()
    {
        await using var gateway = GatewayHost.Start();
        var paths = Asked().Matches(Dockerfile + Compose).Select(asked => asked.Groups["path"].Value).ToList();

        paths.Count.ShouldBe(2);
        foreach (var path in paths)
        {
            using var answer = await gateway.Client.Http.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        }
    }

    [Fact]
    public void Stop_grace_period_is_longer_than_the_shutdown_of_the_gateway()
        => TimeSpan.FromSeconds(int.Parse(GraceOfGateway().Match(Compose).Groups["seconds"].Value))
            .ShouldBeGreaterThan(new AppOptions().StopWithin);

    [Fact]
    public void Every_variable_of_the_compose_file_is_in_the_example()
        => Uses.Select(use => use.Groups["name"].Value).ShouldBeSubsetOf(Values.Keys);

    [Fact]
    public void Every_legacy_variable_is_in_the_example_or_a_secret()
        => LegacyEnvironmentVariables.Keys.Keys.Select(name => name.Replace("_FILE", ""))
            .Where(name => !Compose.Contains($" {name}_FILE: /run/secrets/")).ShouldBeSubsetOf(Values.Keys);

    [Fact]
    [Trait("Defect", "B17")]
    public void Every_variable_of_the_example_is_used()
        => Values.Keys.Except(["COMPOSE_PROFILES"])
            .ShouldBeSubsetOf(Use().Matches(Compose + Example).Select(use => use.Groups["name"].Value));

    [Fact]
    [Trait("Defect", "B32")]
    public void Published_ports_are_bound_to_loopback()
    {
        var ports = Ports().Matches(Compose).SelectMany(list => list.Groups["port"].Captures).Select(port => port.Value).ToList();

        ports.ShouldNotBeEmpty();
        ports.ShouldAllBe(port => port.StartsWith("\"127.0.0.1:", StringComparison.Ordinal));
        Compose.Split("ports:").Length.ShouldBe(Ports().Count(Compose) + 1, "a list of ports has an unknown syntax");
        Compose.ShouldNotContain("network_mode");
    }

    /// <summary>Every cache entry has a TTL, so a full Redis can always evict one and never rejects a write.</summary>
    [Fact]
    [Trait("Defect", "R20")]
    [Trait("Defect", "B23")]
    public void Full_Redis_evicts_the_oldest_cache_entries()
        => Compose.ShouldContain("""
            "--maxmemory-policy", "volatile-ttl"
            """);

    /// <summary>RabbitMQ names its data folder after its host, and the default host name changes with the container.</summary>
    [Fact]
    public void New_container_of_the_broker_keeps_its_queues()
        => Service("rabbitmq").ShouldSatisfyAllConditions(
            broker => broker.ShouldContain("\n    hostname: rabbitmq\n"),
            broker => broker.ShouldContain("\n      - rabbitmq:/var/lib/rabbitmq\n"));

    private static string Service(string name)
        => Regex.Match(Compose, $@"^  {name}:\n(    .*\n|\n)+", RegexOptions.Multiline).Value;

    private static string Read(string path) => File.ReadAllText(Path.Combine(Solution.Root, path));

    private static IEnumerable<string> ProjectsOf(string project)
        => XDocument.Parse(Read(project)).Descendants("ProjectReference")
            .Select(reference => reference.Attribute("Include")!.Value)
            .Select(path => Path.Combine(Solution.Root, Path.GetDirectoryName(project)!, path))
            .Select(path => Path.GetRelativePath(Solution.Root, Path.GetFullPath(path)))
            .SelectMany(ProjectsOf)
            .Prepend(project);

    [GeneratedRegex(@"^COPY (?!--from)(?<sources>.+) \S+$", RegexOptions.Multiline)]
    private static partial Regex Copy();

    [GeneratedRegex(@"^(?<name>[A-Z_]+)=(?<value>.*)$", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex(@"\$\{(?<name>\w+)(?<otherwise>[^}]*)\}")]
    private static partial Regex Use();

    [GeneratedRegex(@"http://127\.0\.0\.1:[^/]+(?<path>/[\w/]*)")]
    private static partial Regex Asked();

    [GeneratedRegex(@"^x-gateway:.*(\n .*)*?\n  stop_grace_period: (?<seconds>\d+)s$", RegexOptions.Multiline)]
    private static partial Regex GraceOfGateway();

    [GeneratedRegex(@"\n +ports:(\n +- (?<port>.+))+")]
    private static partial Regex Ports();
}
