using System.Text.Json;
using Gateway.Host.Tests.Architecture;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Gateway.Host.Tests.Porting;

/// <summary>docker/compose.cutover.yaml, without Docker.</summary>
public sealed class CutOverComposeTests
{
    private static readonly Dictionary<object, object> Services = (Dictionary<object, object>)new DeserializerBuilder().Build()
        .Deserialize<Dictionary<object, object>>(
            new MergingParser(new Parser(new StringReader(new SourceFile("docker/compose.cutover.yaml").Text))))["services"];

    private static readonly JsonDocument Settings = JsonDocument.Parse(
        new SourceFile("src/Host/appsettings.json").Text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });

    [Theory]
    [InlineData("ingest", 10)]
    [InlineData("worker", 12)]
    public void Each_variable_is_a_setting(string service, int count)
    {
        var names = VariablesOf(service);

        names.Count.ShouldBe(count);
        foreach (var name in names.Where(name => !LegacyEnvironmentVariables.Keys.ContainsKey(name)))
        {
            var setting = Settings.RootElement;
            foreach (var part in name.Split("__")) setting.TryGetProperty(part, out setting).ShouldBeTrue(name);
        }
    }

    [Fact]
    public void Script_gets_the_variables_that_it_reads()
        => VariablesOf("repost").ShouldBeSubsetOf(
            new SourceFile("docker/porting/repost.mjs").Text.Split([' ', ',', '\n']).Select(word => word.Trim()));

    private static List<string> VariablesOf(string service)
        => [.. ((Dictionary<object, object>)((Dictionary<object, object>)Services[service])["environment"]).Keys.Cast<string>()];
}
