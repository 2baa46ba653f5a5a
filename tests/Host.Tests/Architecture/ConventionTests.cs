using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApiExplorer;

namespace Gateway.Host.Tests.Architecture;

/// <summary>How things are named, closed and cut.</summary>
public sealed partial class ConventionTests
{
    private static readonly string[] WireAndDoor = ["Module", "Controller", "Options", "Dto", "Response", "Attribute"];

    [Fact]
    public void In_a_module_only_the_wire_and_the_door_are_public()
    {
        var onTheWire = Solution.FeatureModules.SelectMany(Solution.Types).Where(type => typeof(ControllerBase).IsAssignableFrom(type))
            .SelectMany(Spoken).ToHashSet();

        Solution.FeatureModules.SelectMany(Solution.Types)
            .Where(type => type.IsVisible && !onTheWire.Contains(type))
            .Where(type => !WireAndDoor.Any(suffix => type.Name.EndsWith(suffix, StringComparison.Ordinal)))
            .ShouldBeEmpty();
    }

    [Fact]
    public void A_class_is_sealed_unless_another_one_derives_from_it()
    {
        var all = Solution.Assemblies.SelectMany(assembly => assembly.GetTypes()).ToList();
        var bases = all.Select(type => type.BaseType).OfType<Type>()
            .Select(type => type.IsGenericType ? type.GetGenericTypeDefinition() : type).ToHashSet();

        Solution.Assemblies.SelectMany(Solution.Types)
            .Where(type => type is { IsClass: true, IsSealed: false } && !bases.Contains(type))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Every_adapter_passes_the_contract_suite_of_its_port()
    {
        var tests = Solution.SourceFiles("tests").SelectMany(file => DerivedClass().Matches(File.ReadAllText(file)))
            .Select(match => $"{match.Groups["test"]} : {match.Groups["suite"]}").ToList();

        Solution.Adapters.ShouldNotBeEmpty();
        Solution.Adapters.Select(pair => $"{pair.Adapter.Name}Tests : {pair.Port.Name[1..]}Contract").Except(tests)
            .ShouldBeEmpty("these adapters are not tested by the suite of their port");
    }

    [Fact]
    public void A_file_is_named_after_a_type_in_it()
    {
        var strangers = Solution.SourceFiles("src")
            .Where(file => Path.GetFileName(file) != "Program.cs")
            .Where(file => !DeclaredType().Matches(File.ReadAllText(file)).Any(type => Names(file, type.Groups["name"].Value)));

        strangers.Select(Path.GetFileName).ShouldBeEmpty();
    }

    [Fact]
    public void Nine_files_in_ten_fit_on_two_screens()
    {
        int[] lines = [.. Solution.SourceFiles("src").Select(file => File.ReadLines(file).Count()).Order()];

        lines[(int)Math.Ceiling(lines.Length * 0.9) - 1].ShouldBeLessThanOrEqualTo(110);
    }

    /// <summary>Several small ones of a kind share a file that is named by the kind's plural.</summary>
    private static bool Names(string file, string type)
        => Path.GetFileNameWithoutExtension(file) is var name
           && (name == type || name.EndsWith(LastWord().Match(type).Value + "s", StringComparison.Ordinal));

    /// <summary>All types that a controller's actions take and return, down to their members.</summary>
    private static HashSet<Type> Spoken(Type controller)
    {
        var spoken = new HashSet<Type>();
        foreach (var action in controller.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        {
            Speak(action.ReturnType, spoken);
            foreach (var parameter in action.GetParameters()) Speak(parameter.ParameterType, spoken);
            foreach (var answer in action.GetCustomAttributes().OfType<IApiResponseMetadataProvider>()) Speak(answer.Type!, spoken);
        }

        return spoken;
    }

    private static void Speak(Type type, HashSet<Type> spoken)
    {
        foreach (var argument in type.GetGenericArguments()) Speak(argument, spoken);
        if (!Solution.Modules.Contains(type.Assembly) || !spoken.Add(type)) return;
        if (type.BaseType is { } parent) Speak(parent, spoken);
        foreach (var property in type.GetProperties()) Speak(property.PropertyType, spoken);
    }

    [GeneratedRegex(@"\bclass\s+(?<test>\w+)\s*(\([^)]*\))?\s*:\s*(?<suite>\w+Contract)\b")]
    private static partial Regex DerivedClass();

    [GeneratedRegex(@"^(?:\w+ )*?(?:class|interface|enum|record struct|record|struct) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex DeclaredType();

    [GeneratedRegex("[A-Z][a-z]*$")]
    private static partial Regex LastWord();
}
