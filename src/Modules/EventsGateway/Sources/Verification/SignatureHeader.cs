namespace Gateway.EventsGateway.Sources.Verification;

/// <summary>How signatures stand in their header.</summary>
internal enum SignatureForm
{
    /// <summary>The header is one signature.</summary>
    Plain,

    /// <summary><c>t=…,v1=…,v1=…</c></summary>
    Pairs,

    /// <summary><c>v1,… v1,…</c></summary>
    List,
}

/// <summary>The signatures of a request, and the other fields of its header.</summary>
internal readonly record struct SignatureHeader(IReadOnlyList<string> Signatures, IReadOnlyDictionary<string, string> Pairs)
{
    /// <summary>A signature costs a comparison, so a header has a limit.</summary>
    public const int MaxSignatures = 10;

    private const int MaxLength = 8192;

    private static readonly Dictionary<string, string> NoPairs = [];

    /// <returns>No signatures where the text has another form.</returns>
    public static SignatureHeader Parse(string text, SignatureForm form, string prefix, string separator, string field)
    {
        if (text.Length > MaxLength) return new SignatureHeader([], NoPairs);
        switch (form)
        {
            case SignatureForm.Pairs:
                return OfPairs(text, separator, field);
            case SignatureForm.List:
                string[] listed = [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Where(item => item.StartsWith($"{field},", StringComparison.Ordinal))
                    .Select(item => item[(field.Length + 1)..]).Take(MaxSignatures)];
                return new SignatureHeader(listed, NoPairs);
            default:
                return new SignatureHeader(
                    text.StartsWith(prefix, StringComparison.Ordinal) ? [text[prefix.Length..]] : [], NoPairs);
        }
    }

    private static SignatureHeader OfPairs(string text, string separator, string field)
    {
        var signatures = new List<string>();
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        var twice = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in text.Split(separator))
        {
            var equals = item.IndexOf('=');
            if (equals <= 0) continue;
            var (name, value) = (item[..equals].Trim(), item[(equals + 1)..].Trim());
            if (name == field)
            {
                if (signatures.Count < MaxSignatures) signatures.Add(value);
            }
            else if (!pairs.TryAdd(name, value))
            {
                twice.Add(name);
            }
        }

        // A field that came twice is missing, as a header is.
        foreach (var name in twice) pairs.Remove(name);
        return new SignatureHeader(signatures, pairs);
    }
}
