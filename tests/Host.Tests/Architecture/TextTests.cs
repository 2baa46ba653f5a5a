using System.Text.RegularExpressions;

namespace Gateway.Host.Tests.Architecture;

/// <summary>Lines, names and words of the source.</summary>
public sealed partial class TextTests
{
    private const int MaxColumns = 130;

    /// <summary>Words that the glossary replaces, as a word inside a name: RoutingVerdict, FoldAsync.</summary>
    private static readonly HashSet<string> ReplacedWords = new(
        """
        Alone Buried Bury Deed Door Engine Engines Farewell Fold Folded Folds Forget Forgotten Glance Glances Ill Intake
        Interruption Interruptions Judge Judged Life Lives Mend Mistake Mistakes Nobody Parked Patience Refusal Refusals Refused
        Resting Revival Revive Revived Seen Stranger Strangers Sweep Sweeper Swept Tell Tells Told Verdict Voided Watch Well
        Whoever
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<SourceFile> Source => Solution.Files("src", "*.cs");

    private static IEnumerable<SourceFile> Tests => Solution.Files("tests", "*.cs");

    [Fact]
    public void A_line_has_at_most_130_columns()
    {
        var scripts = Solution.Files("src", "*.js").Concat(Solution.Files("tests", "*.js"))
            .Where(file => !file.Name.StartsWith("uPlot", StringComparison.OrdinalIgnoreCase));

        (from file in Source.Concat(Tests).Concat(scripts)
         from line in file.Text.Split('\n').Index()
         where line.Item.Length > MaxColumns
         select $"{file.Path}:{line.Index + 1}").ShouldBeEmpty();
    }

    [Fact]
    public void Names_in_the_source_use_the_words_of_the_glossary()
        => (from file in Source
            from name in Identifier().Matches(file.Code).Select(match => match.Value).Distinct()
            where name != "void" && Word().Matches(name).Any(word => ReplacedWords.Contains(word.Value))
            select $"{file.Path}: {name}").ShouldBeEmpty();

    [Fact]
    public void A_test_class_exists_once()
        => Tests.SelectMany(file => file.Types.Select(type => (Type: type, file.Folder)))
            .Where(found => found.Type.EndsWith("Tests", StringComparison.Ordinal))
            .Distinct().GroupBy(found => found.Type).Where(twins => twins.Count() > 1)
            .Select(twins => $"{twins.Key} in {string.Join(", ", twins.Select(twin => twin.Folder))}")
            .ShouldBeEmpty();

    [Fact]
    public void The_name_of_a_test_has_no_defect_id()
        => (from file in Tests
            from name in TestName().Matches(file.Text).Select(match => match.Groups[1].Value)
            where DefectInName().IsMatch(name)
            select $"{file.Path}: {name}").ShouldBeEmpty();

    /// <summary>The table of docs/porting/3-defects.md begins each row with its ids.</summary>
    [Fact]
    public void A_trait_Defect_names_a_defect_of_the_table()
    {
        var table = Solution.Files("docs/porting", "3-defects.md").Single();
        var known = TableRow().Matches(table.Text).SelectMany(row => row.Groups[1].Value.Split(", ")).ToHashSet();

        known.Count.ShouldBeGreaterThan(50);
        (from file in Tests
         from trait in DefectTrait().Matches(file.Text)
         where !known.Contains(trait.Groups[1].Value)
         select $"{file.Path}: {trait.Groups[1].Value}").ShouldBeEmpty();
    }

    [GeneratedRegex(@"\b[A-Za-z_]\w*")]
    private static partial Regex Identifier();

    [GeneratedRegex("[A-Z]?[a-z]+|[A-Z]+(?![a-z])")]
    private static partial Regex Word();

    [GeneratedRegex(@"\[(?:Fact|Theory)\b[^\n]*\n(?:\s*\[[^\n]*\n)*\s*public [\w<>]+(?: [\w<>]+)? (\w+)\(")]
    private static partial Regex TestName();

    [GeneratedRegex(@"(?:^|_)[NRBS]\d+[a-z]?(?:_|$)")]
    private static partial Regex DefectInName();

    [GeneratedRegex(@"Trait\(""Defect"", ""([^""]*)""\)")]
    private static partial Regex DefectTrait();

    [GeneratedRegex(@"^\| ([NRBS]\d+(?:, [NRBS]\d+)*) \|", RegexOptions.Multiline)]
    private static partial Regex TableRow();
}
