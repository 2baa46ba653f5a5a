using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.EventsGateway.Sources.Settings;
using Gateway.EventsGateway.Sources.Verification;

namespace Gateway.EventsGateway.Sources.Configuration;

/// <param name="Table">Null where there are errors.</param>
/// <param name="Errors">One line each.</param>
/// <param name="Warnings">One line each.</param>
/// <param name="Files">What was read.</param>
internal sealed record LoadedSources(
    SourceTable? Table, IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings, FileSnapshot Files);

/// <summary>Reads all sources: those of the configuration as it was at the start, and those of the file as it is now.</summary>
internal sealed class SourceLoader(
    SettingsNode configured, string? file, bool needsSecrets, string webhookSecret, TimeProvider time)
{
    /// <summary>The name of the built-in source.</summary>
    public const string BuiltIn = "gateway";

    public LoadedSources Load()
    {
        var (errors, warnings, files) = (new List<string>(), new List<string>(), new FileSnapshot());
        var written = new Dictionary<string, SettingsNode>(configured.Fields, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, node) in ReadFile(files, errors))
        {
            if (written.TryAdd(name, node)) continue;
            errors.Add(
                $"sources:{name}: is written in {SourcesOptions.Section} and in {SourcesFile.Section}; remove one of them");
        }

        var reader = new SourceReader(files, needsSecrets, errors, warnings);
        var sources = new List<Source>();
        IReadOnlyList<SourceSecret> builtIn = [];
        foreach (var (name, node) in written)
        {
            if (name.Equals(BuiltIn, StringComparison.OrdinalIgnoreCase)) builtIn = reader.ReadBuiltIn(BuiltIn, node);
            else if (reader.Read(name.ToLowerInvariant(), node) is { } source)
                sources.Add(source);
        }

        CheckPaths(sources, errors);
        CheckSecrets(sources, builtIn, errors);
        var now = time.GetUtcNow();
        warnings.AddRange(sources.Where(source => source.Verifier?.HasLiveSecret(now) == false)
            .Select(source => $"sources:{SourceFindings.Expired(source.Name)}"));
        var table = errors.Count > 0 ? null : new SourceTable(sources)
        {
            BuiltInSecrets = builtIn, BuiltInVerifier = BuiltInSource.VerifierOf(webhookSecret, builtIn),
        };
        return new LoadedSources(table, errors, warnings, files);
    }

    private Dictionary<string, SettingsNode> ReadFile(FileSnapshot files, List<string> errors)
    {
        if (string.IsNullOrEmpty(file)) return [];
        if (files.Read(file) is not { } content)
        {
            errors.Add($"{SourcesFile.Section}: the file cannot be read; is the path right?");
            return [];
        }

        try
        {
            var hasMark = content.AsSpan().StartsWith("\uFEFF"u8);
            var root = SettingsNode.OfJson(
                content.AsMemory(hasMark ? 3 : 0),
                path => errors.Add($"{SourcesFile.Section}: {path} is written twice; remove one of them"));
            if (!root.IsList && root.Fields.Count > 0) return root.Fields;
            errors.Add($"{SourcesFile.Section}: the file names no source; write {{ \"name\": {{ … }} }}");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            var reason = fault is JsonException json
                ? $"line {json.LineNumber + 1}, position {json.BytePositionInLine + 1}"
                : "a text is not UTF-8, or has half of a surrogate pair";
            errors.Add($"{SourcesFile.Section}: the file is no JSON: {reason}");
        }

        return [];
    }

    private static void CheckPaths(List<Source> sources, List<string> errors)
    {
        foreach (var (index, source) in sources.Index())
        {
            errors.AddRange(
                from other in sources.Take(index)
                where other.Path.Overlaps(source.Path)
                select $"sources:{source.Name}: Path {source.Path.Text} could match a request of {other.Name} "
                    + $"({other.Path.Text}); give each its own literal segment");
        }
    }

    private void CheckSecrets(List<Source> sources, IReadOnlyList<SourceSecret> builtIn, List<string> errors)
    {
        var owners = new Dictionary<string, string>
        {
            [Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(webhookSecret)))] = BuiltIn,
        };
        foreach (var secret in builtIn)
        {
            if (!owners.TryAdd(Convert.ToHexString(secret.Hash), BuiltIn))
                errors.Add($"sources:{BuiltIn}: the secret {secret.Id} is also Gateway:Webhook:Secret; remove one of them");
        }

        foreach (var source in sources)
        {
            foreach (var secret in source.Verifier?.Secrets ?? [])
            {
                // A public key proves the same sender wherever it is.
                var hash = Convert.ToHexString(secret.Hash);
                if (source.Verify.Scheme == VerifyScheme.RsaSha256 || owners.TryAdd(hash, source.Name)) continue;
                if (owners[hash] == source.Name) continue;
                errors.Add(
                    $"sources:{source.Name}: the secret {secret.Id} is also a secret of {owners[hash]}; "
                    + "give each source its own");
            }
        }
    }
}
