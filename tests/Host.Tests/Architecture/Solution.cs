using System.Reflection;

namespace Gateway.Host.Tests.Architecture;

/// <summary>
/// Modules, backends, adapters and files, found in what was built and in the repository. Nothing is listed here.
/// </summary>
internal static class Solution
{
    public static readonly Assembly Host = typeof(Program).Assembly;

    /// <summary>Every module that the host refers to, and what those refer to.</summary>
    public static readonly IReadOnlyList<Assembly> Modules = [.. Found(Host).Distinct().OrderBy(module => module.FullName)];

    public static readonly IReadOnlyList<Assembly> Assemblies = [.. Modules, Host];

    public static readonly Assembly Shared = Modules.Single(module => NameOf(module) == "Gateway.Shared");

    public static readonly IReadOnlyList<Assembly> FeatureModules = [.. Modules.Where(module => module != Shared)];

    public static readonly string Root = RootOf(AppContext.BaseDirectory);

    /// <summary>
    /// A folder of Shared is a backend when a class is named after a port and that folder: IEventQueue, EventQueueSqlite.
    /// </summary>
    public static readonly IReadOnlyList<string> Backends =
    [
        .. Types(Shared).Select(type => type.Namespace!.Split('.')).Where(name => name.Length > 2).Select(name => name[2])
            .Distinct().Where(HasAdapter).Order(),
    ];

    public static readonly IReadOnlySet<string> Namespaces = Modules.SelectMany(Types).Select(type => type.Namespace!)
        .ToHashSet();

    /// <summary>An adapter ends with its backend and implements a port of its module.</summary>
    public static IEnumerable<(Type Adapter, Type Port)> Adapters =>
        from type in Modules.SelectMany(Types)
        where type is { IsClass: true, IsAbstract: false }
            && Backends.Any(backend => type.Name.EndsWith(backend, StringComparison.Ordinal))
        from port in type.GetInterfaces()
        where port.Assembly == type.Assembly
        select (type, port);

    /// <summary>The backend that a type or a namespace belongs to, by its folder or by the last word of its name.</summary>
    public static string? BackendOf(string fullName)
        => Backends.FirstOrDefault(backend => fullName.Split('.').Contains(backend)
            || fullName.EndsWith(backend, StringComparison.Ordinal));

    /// <summary>The types of the source, without those that the compiler adds.</summary>
    public static IEnumerable<Type> Types(Assembly assembly)
        => assembly.GetTypes().Where(type => !type.Name.Contains('<') && IsOurs(type.Namespace ?? ""));

    /// <summary>The files of a folder of the repository, without what a build, a test or the gateway writes there.</summary>
    public static IEnumerable<SourceFile> Files(string folder, string pattern)
        => Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(file => new SourceFile(Path.GetRelativePath(Root, file).Replace('\\', '/')))
            .Where(file => !file.Path.Split('/').Any(
                part => part is "bin" or "obj" or "data" or "artifacts" or "TestResults" or ".git"));

    public static string NameOf(Assembly assembly) => assembly.GetName().Name!;

    public static bool IsOurs(string name) => name.StartsWith("Gateway.", StringComparison.Ordinal);

    private static bool HasAdapter(string backend)
        => Modules.SelectMany(Types).Any(type => type.GetInterfaces().Any(port => type.Name == port.Name[1..] + backend));

    private static IEnumerable<Assembly> Found(Assembly from)
        => from.GetReferencedAssemblies()
            .Where(name => IsOurs(name.Name!))
            .Select(Assembly.Load)
            .SelectMany(module => Found(module).Prepend(module));

    private static string RootOf(string folder)
        => File.Exists(Path.Combine(folder, "Gateway.sln"))
            ? folder
            : RootOf(Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!);
}
