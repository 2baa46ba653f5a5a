using System.Text.RegularExpressions;

namespace Gateway.Host.Tests.Architecture;

/// <summary>A file by its path from the root of the repository.</summary>
internal sealed partial record SourceFile(string Path)
{
    private string? _text;

    public string Text => _text ??= File.ReadAllText(System.IO.Path.Combine(Solution.Root, Path));

    public string Name => System.IO.Path.GetFileName(Path);

    public string Folder => System.IO.Path.GetDirectoryName(Path)!.Replace('\\', '/');

    public string? Namespace => NamespaceLine().Match(Text) is { Success: true } line ? line.Groups[1].Value : null;

    public IEnumerable<string> Usings => UsingLine().Matches(Text).Select(line => line.Groups[1].Value);

    /// <summary>The names of the types at the top level, in the order of the file.</summary>
    public IEnumerable<string> Types => TypeLine().Matches(Text).Select(line => line.Groups[1].Value);

    /// <summary>The text without comments, strings and characters.</summary>
    public string Code => CommentOrLiteral().Replace(Text, " ");

    public override string ToString() => Path;

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^using (?:static )?(Gateway\.[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"^(?:(?:public|internal|file|static|sealed|abstract|partial|readonly|ref|unsafe) )*"
        + @"(?:class|interface|enum|record struct|record|struct|delegate [\w<>?\[\]]+) (\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeLine();

    [GeneratedRegex("""
        //.*?$|/\*.*?\*/|\$*("{3,}).*?\1|\$?@\$?"(?:[^"]|"")*"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'
        """, RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CommentOrLiteral();
}
