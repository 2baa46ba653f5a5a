using System.Reflection;

namespace Gateway.Host.Tests.Architecture;

/// <summary>Who may use whom.</summary>
public sealed class ReferenceTests
{
    private const string Features = ".Features.";
    private const string NestInterop = ".NestInterop.";

    public static TheoryData<string> Modules => [.. Solution.Modules.Select(Solution.NameOf)];

    public static TheoryData<string> FeatureModules => [.. Solution.FeatureModules.Select(Solution.NameOf)];

    public static TheoryData<string> FeatureFolders => [.. AllFeatures()];

    public static TheoryData<string> Backends => [.. Solution.Backends];

    [Fact]
    public void The_modules_on_disk_are_the_modules_that_the_host_runs()
        => Directory.GetDirectories(Path.Combine(Solution.Root, "src", "Modules"))
            .Select(folder => $"Gateway.{Path.GetFileName(folder)}")
            .ShouldBe(Solution.Modules.Select(Solution.NameOf), ignoreOrder: true);

    [Fact]
    public void Backends_features_and_their_uses_are_found()
    {
        Solution.Backends.Count.ShouldBeGreaterThanOrEqualTo(4);
        AllFeatures().Count().ShouldBeGreaterThanOrEqualTo(10);
        Solution.Backends.ShouldAllBe(backend => Dependencies.All.Any(use => IsDriver(use.To, backend)));
    }

    [Theory]
    [MemberData(nameof(Modules))]
    public void A_module_references_no_module_but_Shared(string module)
        => Module(module).GetReferencedAssemblies().Select(name => name.Name!).Where(Solution.IsOurs)
            .Except([Solution.NameOf(Solution.Shared)]).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(FeatureModules))]
    public void The_host_uses_a_module_through_its_module_class_only(string module)
        => Uses(
            "Gateway.Host",
            use => Dependencies.IsIn(use.To, module) && use.To != module && use.To != $"{module}.{EntryOf(module)}")
            .ShouldBeEmpty();

    [Fact]
    public void The_host_uses_no_backend()
        => Uses(
            "Gateway.Host", use => Solution.BackendOf(use.To) is not null || Solution.Backends.Any(one => IsDriver(use.To, one)))
            .ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Modules))]
    public void A_module_has_one_module_class(string module)
        => Solution.Types(Module(module)).Where(type => type.Name.EndsWith("Module", StringComparison.Ordinal))
            .ShouldHaveSingleItem().FullName.ShouldBe($"{module}.{EntryOf(module)}");

    [Theory]
    [MemberData(nameof(FeatureFolders))]
    public void A_feature_uses_no_other_feature(string feature)
        => Uses(feature, use => FeatureOf(use.To) is { } other && other != feature).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(FeatureFolders))]
    public void A_feature_uses_ports_and_no_adapter(string feature)
        => Uses(feature, use => Solution.BackendOf(use.To) is not null || Solution.Backends.Any(one => IsDriver(use.To, one)))
            .ShouldBeEmpty();

    /// <summary>NestInterop reads and writes what the original left in the backends; nothing else may know of it.</summary>
    [Theory(Explicit = true)]
    [MemberData(nameof(Backends))]
    public void A_driver_is_used_by_its_adapters_and_its_connection_only(string backend)
        => Dependencies.All
            .Where(use => IsDriver(use.To, backend) && Solution.BackendOf(use.From) != backend && !use.From.Contains(NestInterop))
            .ShouldBeEmpty();

    [Theory(Explicit = true)]
    [MemberData(nameof(Backends))]
    public void An_adapter_uses_no_other_backend_and_no_feature(string backend)
        => Dependencies.All.Where(use => Solution.BackendOf(use.From) == backend && Solution.IsOurs(use.To))
            .Where(use => FeatureOf(use.To) is not null || (Solution.BackendOf(use.To) is { } other && other != backend))
            .ShouldBeEmpty();

    private static IEnumerable<Dependency> Uses(string from, Func<Dependency, bool> unwanted)
        => Dependencies.All.Where(use => Dependencies.IsIn(use.From, from) && unwanted(use));

    private static IEnumerable<string> AllFeatures()
        => Solution.FeatureModules.SelectMany(Solution.Types).Select(type => FeatureOf(type.FullName!)).OfType<string>()
            .Distinct();

    /// <summary>The feature that a type belongs to; null for a type directly in Features, which all features share.</summary>
    private static string? FeatureOf(string name)
    {
        var start = name.IndexOf(Features, StringComparison.Ordinal) + Features.Length;
        var end = start < Features.Length ? -1 : name.IndexOf('.', start);
        if (end > 0) return name[..end];
        return start >= Features.Length && Solution.Namespaces.Contains(name) ? name : null;
    }

    private static bool IsDriver(string type, string backend)
        => !Solution.IsOurs(type)
            && type.Split('.').SkipLast(1).Any(part => part.Contains(backend, StringComparison.OrdinalIgnoreCase));

    private static string EntryOf(string module) => $"{module["Gateway.".Length..]}Module";

    private static Assembly Module(string name) => Solution.Modules.Single(module => Solution.NameOf(module) == name);
}
