using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Gateway.Host.Tests.Architecture;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.Docker;

/// <summary>What can be held true of the container files without an engine that runs them.</summary>
public sealed partial class DockerFilesTests
{
    private const string Grafana = "GRAFANA_ADMIN_PASSWORD";

    private static readonly string Dockerfile = Read("docker/Dockerfile");
    private static readonly string Ignored = Read(".dockerignore");
    private static readonly string Compose = Read("docker/compose.yaml");
    private static readonly string Example = Read("docker/.env.example");

    private static readonly Dictionary<string, string> Values =
        Line().Matches(Example).ToDictionary(line => line.Groups["name"].Value, line => line.Groups["value"].Value);

    private static readonly MatchCollection Uses = Use().Matches(Compose);

    [Fact]
    public void R19_the_restore_layer_has_every_project_that_the_host_needs()
    {
        var copied = Copy().Matches(Dockerfile[..Dockerfile.IndexOf("RUN dotnet restore", StringComparison.Ordinal)])
            .Select(copy => copy.Groups["sources"].Value).Where(source => source.EndsWith(".csproj", StringComparison.Ordinal));

        copied.ShouldBe(ProjectsOf("src/Host/Host.csproj").Distinct(), ignoreOrder: true);
    }

    [Fact]
    public void What_the_image_is_built_from_exists_and_is_not_ignored()
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
    public void B26_the_image_starts_the_host_without_root()
        => Dockerfile[Dockerfile.LastIndexOf("FROM ", StringComparison.Ordinal)..]
            .ShouldMatch($@"(?s)\nUSER \$APP_UID\n.*\nENTRYPOINT \[""dotnet"", ""{Solution.Host.GetName().Name}\.dll""\]\s*$");

    [Fact]
    public async Task R18_the_health_checks_ask_what_the_gateway_answers()
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
    public void A_stop_has_more_time_than_the_gateway_takes()
        => TimeSpan.FromSeconds(int.Parse(GraceOfGateway().Match(Compose).Groups["seconds"].Value))
            .ShouldBeGreaterThan(new AppOptions().StopWithin);

    [Fact]
    public void Every_variable_of_the_compose_file_has_a_line_in_the_example()
        => Uses.Select(use => use.Groups["name"].Value).ShouldBeSubsetOf(Values.Keys);

    [Fact]
    public void Every_variable_of_the_original_has_a_line_in_the_example()
        => LegacyEnvironmentVariables.Keys.Keys.ShouldBeSubsetOf(Values.Keys);

    [Fact]
    public void B17_every_line_of_the_example_is_read()
        => Values.Keys.Except(["COMPOSE_PROFILES"])
            .ShouldBeSubsetOf(Use().Matches(Compose + Example).Select(use => use.Groups["name"].Value));

    [Fact]
    public void R12_B12_B32_no_secret_has_a_default()
    {
        var secrets = Values.Keys.Where(name => Secret().IsMatch(name)).ToList();

        secrets.ShouldNotBeEmpty();
        secrets.ShouldAllBe(name => Values[name].Length == 0);
        // With what is made of them: an address without its password must not start anything either.
        var carriers = secrets.Concat(Values.Keys.Where(name => Use().Matches(Values[name]).Any(use => secrets.Contains(use.Groups["name"].Value))));
        Uses.Where(use => carriers.Except([Grafana]).Contains(use.Groups["name"].Value)).ShouldAllBe(use => use.Groups["otherwise"].Value.StartsWith(":?"));
        LiteralSecret().Matches(Compose).ShouldBeEmpty();
    }

    /// <summary>Compose asks for what a profile needs even where the profile is off, and older installations have no such line.</summary>
    [Fact]
    public async Task Grafana_alone_needs_its_password_and_does_not_start_without()
    {
        Uses.Single(use => use.Groups["name"].Value == Grafana).Groups["otherwise"].Value.ShouldBe(":-");
        var start = Regex.Match(Service("grafana"), @"entrypoint:\n +- sh\n +- -c\n +- '(?<line>.+); exec /run\.sh'").Groups["line"].Value.Replace("$$", "$");

        (await ExitCodeAsync(start, "")).ShouldBe(1);
        (await ExitCodeAsync(start, "a password")).ShouldBe(0);
    }

    [Fact]
    public void The_example_fills_its_empty_lines_and_no_other_with_secrets()
        => Values.Where(line => line.Value.Length == 0).ShouldAllBe(line => Secret().IsMatch(line.Key));

    [Fact]
    public void B32_every_published_port_is_bound_to_loopback()
    {
        var ports = Ports().Matches(Compose).SelectMany(list => list.Groups["port"].Captures).Select(port => port.Value).ToList();

        ports.ShouldNotBeEmpty();
        ports.ShouldAllBe(port => port.StartsWith("\"127.0.0.1:", StringComparison.Ordinal));
        Compose.Split("ports:").Length.ShouldBe(Ports().Count(Compose) + 1, "a list of ports is written in a way that is not read here");
        Compose.ShouldNotContain("network_mode");
    }

    /// <summary>Every mark has a time to live, so the oldest can always go, and nothing is refused.</summary>
    [Fact]
    public void R20_B23_a_full_Redis_forgets_the_oldest_marks()
        => Compose.ShouldContain("""
            "--maxmemory-policy", "volatile-ttl"
            """);

    /// <summary>RabbitMQ names the folder of its data after its host, and a container's name changes with the container.</summary>
    [Fact]
    public void A_new_container_of_the_broker_finds_its_queues()
        => Service("rabbitmq").ShouldSatisfyAllConditions(
            broker => broker.ShouldContain("\n    hostname: rabbitmq\n"),
            broker => broker.ShouldContain("\n      - rabbitmq:/var/lib/rabbitmq\n"));

    private static async Task<int> ExitCodeAsync(string line, string password)
    {
        var start = new ProcessStartInfo("sh", ["-c", line]) { RedirectStandardError = true, Environment = { ["GF_SECURITY_ADMIN_PASSWORD"] = password } };
        using var shell = Process.Start(start)!;
        await shell.WaitForExitAsync();
        return shell.ExitCode;
    }

    private static string Service(string name)
        => Regex.Match(Compose, $@"^  {name}:\n(    .*\n|\n)+", RegexOptions.Multiline).Value;

    private static string Read(string path) => File.ReadAllText(Path.Combine(Solution.Root, path));

    private static IEnumerable<string> ProjectsOf(string project)
        => XDocument.Parse(Read(project)).Descendants("ProjectReference")
            .Select(reference => Path.Combine(Solution.Root, Path.GetDirectoryName(project)!, reference.Attribute("Include")!.Value))
            .Select(path => Path.GetRelativePath(Solution.Root, Path.GetFullPath(path)))
            .SelectMany(ProjectsOf)
            .Prepend(project);

    [GeneratedRegex(@"^COPY (?!--from)(?<sources>.+) \S+$", RegexOptions.Multiline)]
    private static partial Regex Copy();

    [GeneratedRegex(@"^(?<name>[A-Z_]+)=(?<value>.*)$", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex(@"\$\{(?<name>\w+)(?<otherwise>[^}]*)\}")]
    private static partial Regex Use();

    [GeneratedRegex("SECRET|PASSWORD|API_KEY")]
    private static partial Regex Secret();

    [GeneratedRegex(@"^\s+\w*(secret|pass|password|auth|apikey)\w*: *(?!\$\{)\S", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex LiteralSecret();

    [GeneratedRegex(@"http://127\.0\.0\.1:[^/]+(?<path>/[\w/]*)")]
    private static partial Regex Asked();

    [GeneratedRegex(@"^x-gateway:.*(\n .*)*?\n  stop_grace_period: (?<seconds>\d+)s$", RegexOptions.Multiline)]
    private static partial Regex GraceOfGateway();

    [GeneratedRegex(@"\n +ports:(\n +- (?<port>.+))+")]
    private static partial Regex Ports();
}
