using System.Text.RegularExpressions;

namespace Gateway.Host.Tests.Architecture;

/// <summary>What a port promises is tested once, for every adapter.</summary>
public sealed partial class ContractSuiteTests
{
    private static IEnumerable<SourceFile> Tests => Solution.Files("tests", "*.cs");

    [Fact]
    public void Every_port_has_a_contract_suite()
    {
        var suites = Tests.SelectMany(file => Suite().Matches(file.Text)).Select(match => match.Groups["suite"].Value).Distinct();
        var ports = Solution.Adapters.Select(pair => pair.Port).Distinct().ToList();

        ports.ShouldNotBeEmpty();
        ports.Select(port => $"{port.Name[1..]}Contract").ShouldBeSubsetOf(suites);
    }

    [Fact]
    public void Every_adapter_passes_the_contract_suite_of_its_port()
    {
        var harnesses = Tests.SelectMany(file => Harness().Matches(file.Text))
            .Select(match => $"{match.Groups["test"]} : {match.Groups["suite"]}");

        Solution.Adapters.Select(pair => $"{pair.Adapter.Name}Tests : {pair.Port.Name[1..]}Contract")
            .ShouldBeSubsetOf(harnesses);
    }

    [Fact]
    public void A_class_that_implements_a_port_in_the_folder_of_a_backend_ends_with_the_backend()
    {
        var ports = Solution.Adapters.Select(pair => pair.Port).ToHashSet();

        Solution.Modules.SelectMany(Solution.Types)
            .Where(type => type.IsClass && type.GetInterfaces().Any(ports.Contains))
            .Where(type => Solution.BackendOf(type.Namespace!) is { } backend
                && !type.Name.EndsWith(backend, StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    [GeneratedRegex(@"\babstract (?:partial )?class (?<suite>\w+Contract)\b")]
    private static partial Regex Suite();

    [GeneratedRegex(@"\bclass\s+(?<test>\w+)\s*(\([^)]*\))?\s*:\s*(?<suite>\w+Contract)\b")]
    private static partial Regex Harness();
}
