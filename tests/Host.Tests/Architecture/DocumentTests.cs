using System.Text.RegularExpressions;

namespace Gateway.Host.Tests.Architecture;

/// <summary>What the documents point to exists.</summary>
public sealed partial class DocumentTests
{
    private static readonly List<SourceFile> Documents =
        [.. Solution.Files(".", "*.md").Where(file => !file.Path.StartsWith("src/"))];

    private static readonly List<string> Repository = [.. Solution.Files(".", "*").Select(file => file.Path)];

    [Fact]
    public void Every_relative_link_leads_to_a_file_and_a_heading()
        => (from document in Documents
            from link in Link().Matches(document.Text).Select(match => match.Groups[1].Value)
            where !link.Contains(':') && !Exists(document, link)
            select $"{document.Path}: {link}").ShouldBeEmpty();

    /// <summary>In backticks: a path from the root, or the name or the end of the path of a C# file.</summary>
    [Fact]
    public void Every_path_in_a_document_exists()
    {
        var top = Repository.Select(path => path.Split('/')[0]).ToHashSet();

        (from document in Documents
         from path in Code().Matches(document.Text).Select(match => match.Groups[1].Value)
         where path.Contains('/') && top.Contains(path.Split('/')[0])
             ? !IsPath(path)
             : CSharpFile().IsMatch(path) && !IsEndOfPath(path)
         select $"{document.Path}: {path}").ShouldBeEmpty();
    }

    [Fact]
    public void Every_test_class_in_a_document_exists()
    {
        var types = Solution.Files("tests", "*.cs").SelectMany(file => file.Types).ToHashSet();

        (from document in Documents
         from name in Code().Matches(document.Text).Select(match => match.Groups[1].Value)
         where TestClass().IsMatch(name) && !types.Contains(name)
         select $"{document.Path}: {name}").ShouldBeEmpty();
    }

    private static bool Exists(SourceFile document, string link)
    {
        string[] parts = link.Split('#');
        var target = parts[0].Length == 0
            ? document.Path
            : Path.GetRelativePath(Solution.Root, Path.Combine(Solution.Root, document.Folder, parts[0])).Replace('\\', '/');
        if (parts.Length == 1) return IsPath(target);
        return IsPath(target)
            && Heading().Matches(new SourceFile(target).Text).Any(heading => Anchor(heading.Groups[1].Value) == parts[1]);
    }

    /// <summary>A placeholder (&lt;verb&gt;, *) ends what can be looked up.</summary>
    private static bool IsPath(string path)
    {
        var known = path.Split('/').TakeWhile(part => part.IndexOfAny(['<', '*', '{', '…']) < 0);
        return Path.Combine([Solution.Root, .. known]) is var full && (File.Exists(full) || Directory.Exists(full));
    }

    private static bool IsEndOfPath(string path)
        => Repository.Any(file => $"/{file}".EndsWith($"/{path}", StringComparison.Ordinal));

    private static string Anchor(string heading)
        => NotInAnchor().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`([^`\n ]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^[\w./]+\.cs$")]
    private static partial Regex CSharpFile();

    [GeneratedRegex("^[A-Z][A-Za-z]+(?:Tests|Contract)$")]
    private static partial Regex TestClass();

    [GeneratedRegex(@"^#+ (.+?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();
}
