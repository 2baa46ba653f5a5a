using System.Text;

namespace Gateway.EventsGateway.Tests.Sources.Bodies;

/// <summary>JSON of few names, so that paths hit, with equal members, escapes, long numbers and half surrogate pairs.</summary>
internal sealed class RandomJson(Random random)
{
    private static readonly string[] Names = ["a", "b", "c", "\\u0061", "\\u0062"];

    private static readonly string[] Scalars =
    [
        "1", "0", "-7.50", "229255084490768384", "1e400", "true", "false", "null", "\"\"", "\" \"", "\"\\u00a0\"", "\"text\"",
        "\"tab\\tquote\\\"\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"zwölf €\"", "\"delivered\"", "\"2026-02-25T14:30:00Z\"",
        "\"{\\\"a\\\":{\\\"b\\\":\\\"inner\\\"},\\\"c\\\":[1,2]}\"", "\"{\\\"a\\\":\"",
    ];

    public string Next(int depth = 5)
    {
        var text = new StringBuilder();
        Append(text, depth);
        return text.ToString();
    }

    /// <summary>Steps that such JSON may have.</summary>
    public string Steps(int max = 3)
    {
        var steps = Enumerable.Range(0, random.Next(max + 1)).Select(_ => random.Next(8) switch
        {
            0 => "[0]",
            1 => "[1]",
            2 => "[-1]",
            3 => "['b']",
            4 => ".c",
            5 => "[\"\\u0061\"]",
            _ => ".a",
        });
        return string.Concat(steps);
    }

    private void Append(StringBuilder text, int depth)
    {
        var kind = depth == 0 ? 9 : random.Next(10);
        if (kind > 7) text.Append(Scalars[random.Next(Scalars.Length)]);
        else if (kind < 5) AppendAll(text, '{', '}', depth);
        else AppendAll(text, '[', ']', depth);
    }

    private void AppendAll(StringBuilder text, char open, char close, int depth)
    {
        text.Append(open);
        for (var (i, count) = (0, random.Next(5)); i < count; i++)
        {
            if (i > 0) text.Append(random.Next(4) == 0 ? " ,\n" : ",");
            if (open == '{') text.Append('"').Append(Names[random.Next(Names.Length)]).Append("\":");
            Append(text, depth - 1);
        }

        text.Append(close);
    }
}
