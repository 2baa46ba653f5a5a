using System.Reflection;
using NetArchTest.Rules;

namespace Gateway.Host.Tests.Architecture;

/// <summary>Who may visit whom.</summary>
public sealed class ReferenceTests
{
    private const string Features = ".Features.";

    private static readonly Dictionary<string, string> DriverOf = new()
    {
        ["Sqlite"] = "Microsoft.Data.Sqlite",
        ["Mongo"] = "MongoDB",
        ["RabbitMq"] = "RabbitMQ",
        ["Redis"] = "StackExchange.Redis",
    };

    public static TheoryData<string> Modules => [.. Solution.Modules.Select(NameOf)];

    public static TheoryData<string> FeatureModules => [.. Solution.FeatureModules.Select(NameOf)];

    public static TheoryData<string> FeatureNamespaces => [.. AllFeatures()];

    public static TheoryData<string> Backends => [.. Solution.BackendNames];

    [Fact]
    public void The_modules_on_disk_are_the_modules_that_the_host_runs()
        => Directory.GetDirectories(Path.Combine(Solution.Root, "src", "Modules")).Select(folder => $"Gateway.{Path.GetFileName(folder)}")
            .ShouldBe(Solution.Modules.Select(NameOf), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Modules))]
    public void A_module_refers_to_no_module_but_Shared(string module)
        => Module(module).GetReferencedAssemblies().Select(name => name.Name!).Where(IsOurs).Except([NameOf(Solution.Shared)]).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(FeatureModules))]
    public void The_host_knows_a_module_by_its_module_class_alone(string module)
    {
        string[] rooms = [.. Solution.Types(Module(module)).Where(type => type.Name != Door(module)).Select(type => type.FullName!)];

        ShouldHold(NetArchTest.Rules.Types.InAssembly(Solution.Host).ShouldNot().HaveDependencyOnAny(rooms));
    }

    [Theory]
    [MemberData(nameof(Modules))]
    public void A_module_has_one_public_static_door(string module)
        => Solution.Types(Module(module)).Where(type => type.Name.EndsWith("Module", StringComparison.Ordinal))
            .ShouldHaveSingleItem().FullName.ShouldBe($"{module}.{Door(module)}");

    [Theory]
    [MemberData(nameof(FeatureNamespaces))]
    public void A_feature_depends_on_no_other_feature(string feature)
    {
        var others = AllFeatures().Where(other => other != feature).ToArray();

        ShouldHold(In(feature).ShouldNot().HaveDependencyOnAny(others));
    }

    [Theory]
    [MemberData(nameof(FeatureNamespaces))]
    public void A_feature_knows_ports_and_no_adapter(string feature)
    {
        var adapters = Solution.Modules.SelectMany(Solution.Types).Where(type => Solution.BackendOf(type) is not null).Select(type => type.FullName!);
        var connections = Solution.BackendNames.Select(backend => $"{NameOf(Solution.Shared)}.{backend}");

        ShouldHold(In(feature).ShouldNot().HaveDependencyOnAny([.. adapters, .. connections, .. DriverOf.Values]));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_driver_is_used_only_by_its_own_adapters_and_its_connection(string backend)
    {
        var visitors = NetArchTest.Rules.Types.InAssemblies(Solution.Assemblies).That().HaveDependencyOn(DriverOf[backend]).GetTypes();

        visitors.Select(TopOf)
            .Where(type => Solution.BackendOf(type) != backend && type.Namespace != $"{NameOf(Solution.Shared)}.{backend}")
            .ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void An_adapter_knows_no_adapter_of_another_engine(string backend)
    {
        var others = Solution.Modules.SelectMany(Solution.Types)
            .Where(type => Solution.BackendOf(type) is { } other && other != backend).Select(type => type.FullName!).ToArray();
        var all = NetArchTest.Rules.Types.InAssemblies(Solution.Assemblies).That().HaveNameEndingWith(backend);

        ShouldHold(all.ShouldNot().HaveDependencyOnAny([.. others, "Gateway.NoSuchType"]));
    }

    private static PredicateList In(string feature)
        => NetArchTest.Rules.Types.InAssemblies(Solution.FeatureModules).That().ResideInNamespace(feature);

    private static IEnumerable<string> AllFeatures()
        => Solution.FeatureModules.SelectMany(Solution.Types).Select(type => type.Namespace!)
            .Where(name => name.Contains(Features, StringComparison.Ordinal)).Distinct();

    private static void ShouldHold(ConditionList rule)
    {
        var result = rule.GetResult();
        result.IsSuccessful.ShouldBeTrue($"broken by {string.Join(", ", result.FailingTypeNames ?? [])}");
    }

    private static Type TopOf(Type type) => type.DeclaringType is { } outer ? TopOf(outer) : type;

    private static string Door(string module) => $"{module["Gateway.".Length..]}Module";

    private static Assembly Module(string name) => Solution.Modules.Single(module => NameOf(module) == name);

    private static string NameOf(Assembly assembly) => assembly.GetName().Name!;

    private static bool IsOurs(string name) => name.StartsWith("Gateway.", StringComparison.Ordinal);
}
