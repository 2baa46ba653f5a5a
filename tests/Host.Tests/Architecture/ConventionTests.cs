using System.Reflection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApiExplorer;

namespace Gateway.Host.Tests.Architecture;

/// <summary>What is public, what is sealed, and how long a file is.</summary>
public sealed class ConventionTests
{
    private static readonly string[] PublicSuffixes = ["Module", "Controller", "Options", "Dto", "Response", "Attribute"];

    [Fact]
    public void Only_the_module_class_and_the_types_of_the_API_are_public()
    {
        var inTheApi = Solution.FeatureModules.SelectMany(Solution.Types)
            .Where(type => typeof(ControllerBase).IsAssignableFrom(type))
            .SelectMany(ApiTypes).ToHashSet();

        Solution.FeatureModules.SelectMany(Solution.Types)
            .Where(type => type.IsVisible && !inTheApi.Contains(type))
            .Where(type => !type.IsEnum || !IsSetting(type))
            .Where(type => !PublicSuffixes.Any(suffix => type.Name.EndsWith(suffix, StringComparison.Ordinal)))
            .ShouldBeEmpty();
    }

    private static bool IsSetting(Type type)
        => Solution.FeatureModules.SelectMany(Solution.Types)
            .Where(options => options.Name.EndsWith("Options", StringComparison.Ordinal))
            .SelectMany(options => options.GetProperties()).Any(property => property.PropertyType == type);

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
    public void Nine_files_in_ten_have_at_most_110_lines()
    {
        int[] lines = [.. Solution.Files("src", "*.cs").Select(file => file.Text.Count(sign => sign == '\n')).Order()];

        lines[(int)Math.Ceiling(lines.Length * 0.9) - 1].ShouldBeLessThanOrEqualTo(110);
    }

    /// <summary>All types that a controller's actions take and return, down to their members.</summary>
    private static HashSet<Type> ApiTypes(Type controller)
    {
        var found = new HashSet<Type>();
        foreach (var action in controller.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        {
            Collect(action.ReturnType, found);
            foreach (var parameter in action.GetParameters()) Collect(parameter.ParameterType, found);
            foreach (var response in action.GetCustomAttributes().OfType<IApiResponseMetadataProvider>())
                Collect(response.Type!, found);
        }

        return found;
    }

    private static void Collect(Type type, HashSet<Type> found)
    {
        foreach (var argument in type.GetGenericArguments()) Collect(argument, found);
        if (!Solution.Modules.Contains(type.Assembly) || !found.Add(type)) return;
        if (type.BaseType is { } parent) Collect(parent, found);
        foreach (var property in type.GetProperties()) Collect(property.PropertyType, found);
    }
}
