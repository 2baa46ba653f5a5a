using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Host.Tests.Architecture;
using YamlDotNet.RepresentationModel;

namespace Gateway.Host.Tests.Docker;

/// <summary>What the services of docker/compose.yaml may do, and how they get their secrets.</summary>
public sealed partial class ComposeFileTests
{
    private const string Folder = "/run/secrets/";

    private static readonly YamlMappingNode Compose = Parse();

    public static TheoryData<string> Services => [.. Map(Compose["services"]).Keys];

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_has_no_rights_and_limited_resources(string name)
    {
        var service = Map(Compose["services"][name]);

        service["cap_drop"][0].ToString().ShouldBe("ALL");
        service["read_only"].ToString().ShouldBe("true");
        service["security_opt"][0].ToString().ShouldBe("no-new-privileges:true");
        int.Parse(service["pids_limit"].ToString(), CultureInfo.InvariantCulture).ShouldBeInRange(1, 4096);
        service["mem_limit"].ToString().ShouldMatch(@"^\d+[mg]$");
        service.Keys.ShouldNotContain("privileged");
        // The images of the other services have a user of their own.
        if (name is "rabbitmq" or "redis" or "mongo") service["user"].ToString().ShouldNotBe("root");
        else name.ShouldBeOneOf("gateway", "routing-stub", "prometheus", "grafana");
    }

    [Fact]
    [Trait("Defect", "R12")]
    [Trait("Defect", "B12")]
    [Trait("Defect", "B32")]
    public void Secrets_are_files_and_never_values()
    {
        foreach (var (name, service) in Map(Compose["services"]))
        {
            var settings = Map(service);
            var granted = settings.TryGetValue("secrets", out var list) ? Items(list) : [];
            var environment = settings.TryGetValue("environment", out var variables) ? Map(variables) : [];
            foreach (var (variable, value) in environment.Where(one => Secret().IsMatch(one.Key)))
                value.ToString().ShouldStartWith(Folder, customMessage: $"{name}: {variable}");
            File().Matches(string.Join(' ', service.AllNodes.OfType<YamlScalarNode>())).Select(file => file.Groups["name"].Value)
                .ShouldBeSubsetOf(granted, name);
            granted.ShouldBeSubsetOf(Map(Compose["secrets"]).Keys, name);
        }

        Map(Compose["secrets"]).ShouldAllBe(secret => secret.Value["file"].ToString() == $"./secrets/{secret.Key}");
        new SourceFile("docker/.env.example").Text.ShouldNotMatch(@"(?m)^\w*(SECRET|PASS|KEY|URI|URL)\w*=");
        new SourceFile("docker/secrets/.gitignore").Text.ShouldContain("\n*\n");
    }

    [Fact]
    public async Task Script_creates_the_secrets_of_the_compose_file_and_replaces_none()
    {
        using var prepared = await PreparedSecrets.CreateAsync();
        var first = prepared.All();
        // The broker has a hash of its administrator's password.
        first.Keys.ShouldBe(Map(Compose["secrets"]).Keys.Append("rabbitmq_admin_password"), ignoreOrder: true);
        first.Values.ShouldBeUnique();
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.GetUnixFileMode(prepared.Folder)
                .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        System.IO.File.Delete(prepared.FileOf("webhook_secret"));

        await prepared.PrepareAsync();

        var second = prepared.All();
        second.Keys.ShouldBe(first.Keys, ignoreOrder: true);
        first.Keys.Where(name => first[name] != second[name]).ShouldBe(["webhook_secret"]);
    }

    /// <summary>The broker blocks publishers, Redis evicts, MongoDB limits its cache, before the container is full.</summary>
    [Theory]
    [InlineData("rabbitmq", "3g", "vm_memory_high_watermark.absolute = 2GB")]
    [InlineData("redis", "640m", "--maxmemory 256mb")]
    [InlineData("mongo", "2g", "--wiredTigerCacheSizeGB 1")]
    public void Backend_has_a_limit_of_its_own_below_that_of_its_container(string name, string limit, string own)
    {
        var service = Map(Compose["services"][name]);
        var command = service.TryGetValue("command", out var words) ? string.Join(' ', Items(words)) : "";

        service["mem_limit"].ToString().ShouldBe(limit);
        (command + new SourceFile("docker/rabbitmq/rabbitmq.conf").Text).ShouldContain(own);
    }

    private static YamlMappingNode Parse()
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(new SourceFile("docker/compose.yaml").Text));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    /// <summary>With what it merges by a key of two less-than signs.</summary>
    private static Dictionary<string, YamlNode> Map(YamlNode node)
    {
        var own = ((YamlMappingNode)node).Children.ToDictionary(child => child.Key.ToString(), child => child.Value);
        if (own.Remove("<<", out var merged)) foreach (var (key, value) in Map(merged)) own.TryAdd(key, value);
        return own;
    }

    private static IEnumerable<string> Items(YamlNode node) => ((YamlSequenceNode)node).Select(item => item.ToString());

    [GeneratedRegex("(?i)SECRET|PASS|KEY|_URI|_URL")]
    private static partial Regex Secret();

    [GeneratedRegex(@"/run/secrets/(?<name>\w+)")]
    private static partial Regex File();
}
