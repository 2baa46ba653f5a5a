using System.Text.RegularExpressions;
using Gateway.Host.Tests.Architecture;

namespace Gateway.Host.Tests.Porting;

/// <summary>
/// docs/porting/1-map.md is complete: every file of both originals (originals.txt) has its row, and every folder here is named.
/// That the paths exist is checked with those of all documents.
/// </summary>
public sealed partial class PortingMapTests
{
    private static readonly string Map = new SourceFile("docs/porting/1-map.md").Text;

    [Fact]
    public void Every_file_of_the_originals_has_one_row_with_its_versions()
    {
        var originals = new SourceFile("tests/Host.Tests/Porting/originals.txt").Text.Trim().Split('\n')
            .Select(line => line.Split(' ', 2)).GroupBy(parts => parts[1], parts => parts[0])
            .Select(file => $"{file.Key}: {string.Join(' ', file.Order())}").ToList();

        originals.Count.ShouldBeGreaterThan(60);
        Row().Matches(Map).Select(row => $"{row.Groups["file"].Value}: {row.Groups["versions"].Value}")
            .ShouldBe(originals, ignoreOrder: true);
    }

    [Fact]
    public void Row_names_a_path_or_says_why_there_is_none()
        => Row().Matches(Map).Where(row => !Here().IsMatch(row.Groups["here"].Value))
            .Select(row => row.Groups["file"].Value).ShouldBeEmpty();

    /// <summary>Those with an ancestor stand in the tables of the originals, the others in one of their own.</summary>
    [Fact]
    public void Every_folder_here_is_in_the_map()
    {
        var folders = Solution.Files("src/Modules", "*.cs").Select(file => file.Folder.Split('/'))
            .Where(parts => parts.Length > 3).Select(parts => string.Join('/', parts.Take(parts[3] == "Features" ? 5 : 4)))
            .Distinct().Where(folder => !folder.EndsWith("/Features", StringComparison.Ordinal)).ToList();

        folders.Count.ShouldBeGreaterThan(30);
        folders.Where(folder => !Map.Contains($"{folder}/")).ShouldBeEmpty();
    }

    [GeneratedRegex(@"^\| (?<file>[\w./-]+) \| (?<versions>N1 N2|N1|N2) \| (?<here>.+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`[^`]+`|^– \\w|^the same$")]
    private static partial Regex Here();
}
