using System.Reflection;
using System.Text.RegularExpressions;

namespace Gateway.Host.Tests.Architecture;

/// <summary>A configuration key that is written somewhere is bound to a property of an options class.</summary>
public sealed partial class ConfigurationKeyTests
{
    private static readonly List<(string Section, Type Options)> Sections =
    [
        .. from type in Solution.Assemblies.SelectMany(Solution.Types)
           let section = type.GetField("Section", BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
           where section is { IsLiteral: true } && section.FieldType == typeof(string)
           select ((string)section.GetRawConstantValue()!, type),
    ];

    private static readonly HashSet<string> Keys =
    [
        .. Sections.Select(one => one.Section),
        .. from one in Sections
           from property in one.Options.GetProperties()
           where property.CanWrite
           select $"{one.Section}:{property.Name}",
    ];

    [Fact]
    public void Every_key_in_documents_and_deployment_files_exists()
    {
        var files = new[] { "*.md", "*.yaml", "*.yml", ".env.example", "devcontainer.json", "appsettings.json" }
            .SelectMany(pattern => Solution.Files(".", pattern)).ToList();

        Sections.Count.ShouldBeGreaterThan(10);
        (from file in files
         from key in Key().Matches(file.Text).Select(match => Normal(match.Value)).Concat(ShortKeys(file)).Distinct()
         where !Keys.Contains(key)
         select $"{file.Path}: {key}").ShouldBeEmpty();
    }

    /// <summary>Comments and tables name a key without its root: Retention:DedupHorizon.</summary>
    private static IEnumerable<string> ShortKeys(SourceFile file)
        => ShortKey().Matches(file.Text).Select(match => $"Gateway:{match.Value}")
            .Where(key => Sections.Any(one => key.StartsWith($"{one.Section}:", StringComparison.Ordinal)
                && one.Section != "Gateway"));

    /// <summary>Environment variables have double underscores; an element of a list has its index at the end.</summary>
    private static string Normal(string key) => Index().Replace(key.Replace("__", ":"), "");

    [GeneratedRegex(@"\bGateway(?:(?::|__)[A-Za-z0-9]+)+")]
    private static partial Regex Key();

    [GeneratedRegex(@"(?<![\w:])[A-Z]\w+:[A-Z]\w+")]
    private static partial Regex ShortKey();

    [GeneratedRegex(@":\d+$")]
    private static partial Regex Index();
}
