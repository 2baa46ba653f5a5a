using System.Text.RegularExpressions;

namespace Gateway.Host.Tests.Architecture;

/// <summary>A folder is a namespace, a file is a type, and the folders of a module use each other in one direction.</summary>
public sealed partial class FolderTests
{
    public static TheoryData<string> Modules => [.. Solution.Modules.Select(Solution.NameOf)];

    private static IEnumerable<SourceFile> AllCode => [.. Solution.Files("src", "*.cs"), .. Solution.Files("tests", "*.cs")];

    /// <summary>The compiler checks it too (IDE0130), but not in files that a second project links.</summary>
    [Fact]
    public void A_namespace_is_the_path_of_its_folder()
        => AllCode.Where(file => file.Name != "Program.cs" && file.Namespace != NamespaceOf(file.Folder)).ShouldBeEmpty();

    /// <summary>
    /// Small types stand beside the one that uses them, a command above its handler. A partial type may have several files:
    /// Type.Part.cs. Files of several handlers or views of one kind have the plural.
    /// </summary>
    [Fact]
    public void A_file_is_named_after_a_type_in_it()
        => AllCode.Where(file => file.Types.Any() && !file.Types.Any(type => IsNamedAfter(file, type))).ShouldBeEmpty();

    /// <summary>
    /// The folders of the first level, and each feature as a folder of its own. The module class and the log at the root
    /// know all folders by their nature and are left out.
    /// </summary>
    [Theory(Explicit = true)]
    [MemberData(nameof(Modules))]
    public void The_folders_of_a_module_have_no_cycles(string module)
    {
        var uses = Dependencies.All.Where(use => Dependencies.IsIn(use.From, module) && Dependencies.IsIn(use.To, module))
            .Select(use => (From: FolderOf(use.From, module), To: FolderOf(use.To, module), Use: use))
            .Where(use => use.From != "" && use.To != "" && use.From != use.To).ToList();
        var reachable = Closure(uses.Select(use => (use.From, use.To)));

        uses.Where(use => reachable.Contains((use.To, use.From))).Select(use => use.Use).ShouldBeEmpty();
    }

    private static bool IsNamedAfter(SourceFile file, string type)
    {
        var name = file.Name[..file.Name.IndexOf('.')];
        return name == type
            || (name.EndsWith('s') && name.EndsWith(LastWord().Match(type).Value + "s", StringComparison.Ordinal));
    }

    private static string NamespaceOf(string folder)
    {
        var project = folder;
        while (!Directory.EnumerateFiles(Path.Combine(Solution.Root, project), "*.csproj").Any())
            project = Path.GetDirectoryName(project)!;
        return "Gateway." + (Path.GetFileName(project) + folder[project.Length..]).Replace('/', '.');
    }

    private static string FolderOf(string name, string module)
    {
        string[] folders = Solution.Namespaces.Contains(name)
            ? name.Split('.')[module.Split('.').Length..]
            : name.Split('.')[module.Split('.').Length..^1];
        return string.Join('.', folders.Take(folders.FirstOrDefault() == "Features" ? 2 : 1));
    }

    private static HashSet<(string From, string To)> Closure(IEnumerable<(string From, string To)> edges)
    {
        var reachable = edges.ToHashSet();
        var size = 0;
        while (size != reachable.Count)
        {
            size = reachable.Count;
            var further = from one in reachable from next in reachable where one.To == next.From select (one.From, next.To);
            reachable.UnionWith(further.ToList());
        }

        return reachable;
    }

    [GeneratedRegex("[A-Z][a-z]*$")]
    private static partial Regex LastWord();
}
