using System.Reflection;

namespace Gateway.Host.Tests.Architecture;

/// <summary>What the rules are about, found in what was built and in the folder of the solution: nothing is listed here.</summary>
internal static class Solution
{
    private static readonly string[] Backends = ["Sqlite", "Mongo", "RabbitMq", "Redis"];

    public static readonly Assembly Host = typeof(Program).Assembly;

    /// <summary>Every module that the host refers to, and what those refer to.</summary>
    public static readonly IReadOnlyList<Assembly> Modules = [.. Found(Host).Distinct().OrderBy(module => module.FullName)];

    public static readonly IReadOnlyList<Assembly> Assemblies = [.. Modules, Host];

    public static readonly Assembly Shared = Modules.Single(module => module.GetName().Name == "Gateway.Shared");

    public static readonly IReadOnlyList<Assembly> FeatureModules = [.. Modules.Where(module => module != Shared)];

    public static readonly string Root = RootOf(AppContext.BaseDirectory);

    /// <summary>An adapter says the engine in its last word and keeps the promises of a port of its module.</summary>
    public static IEnumerable<(Type Adapter, Type Port)> Adapters =>
        from type in Modules.SelectMany(Types)
        where type is { IsClass: true, IsAbstract: false } && BackendOf(type) is not null
        from port in type.GetInterfaces()
        where port.Assembly == type.Assembly
        select (type, port);

    public static string? BackendOf(Type type) => Backends.FirstOrDefault(backend => type.Name.EndsWith(backend, StringComparison.Ordinal));

    public static IEnumerable<string> BackendNames => Backends;

    /// <summary>Those that somebody wrote, without what the compiler adds.</summary>
    public static IEnumerable<Type> Types(Assembly assembly)
        => assembly.GetTypes().Where(type => !type.Name.Contains('<') && type.Namespace?.StartsWith("Gateway.", StringComparison.Ordinal) == true);

    public static IEnumerable<string> SourceFiles(string folder)
        => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));

    private static IEnumerable<Assembly> Found(Assembly from)
        => from.GetReferencedAssemblies()
            .Where(name => name.Name!.StartsWith("Gateway.", StringComparison.Ordinal))
            .Select(Assembly.Load)
            .SelectMany(module => Found(module).Prepend(module));

    private static string RootOf(string folder)
        => File.Exists(Path.Combine(folder, "Gateway.sln")) ? folder : RootOf(Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!);
}
