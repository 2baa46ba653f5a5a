using System.Text.RegularExpressions;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Sources.Mapping;
using Gateway.EventsGateway.Sources.Presets;
using Gateway.EventsGateway.Sources.Samples;
using Gateway.EventsGateway.Sources.Settings;
using Gateway.EventsGateway.Sources.Templates;
using Gateway.EventsGateway.Sources.Verification;

namespace Gateway.EventsGateway.Sources.Configuration;

/// <summary>Compiles the settings of one source, its preset below them. Errors are collected: one run reports all.</summary>
/// <param name="files">Reads the files with secrets.</param>
/// <param name="needsSecrets">False for a process without ingest.</param>
/// <param name="errors">One line each.</param>
/// <param name="warnings">One line each.</param>
internal sealed partial class SourceReader(FileSnapshot files, bool needsSecrets, List<string> errors, List<string> warnings)
{
    private const int DefaultMaxBodyBytes = 100 * 1024;
    private const int MostBodyBytes = 16 * 1024 * 1024;

    public static bool IsName(string text) => NameForm().IsMatch(text);

    /// <summary>Null where the settings have errors.</summary>
    public Source? Read(string name, SettingsNode written)
    {
        var before = errors.Count;
        if (!IsName(name))
        {
            errors.Add($"sources:{name}: the name must have 1 to 64 of a-z, 0-9 and -; choose another one");
            return null;
        }

        var preset = PresetOf(name, written, out var below);
        if (preset is null) return null;
        var source = new SettingsReader(SettingsNode.Merge(below, written), name, path: "", errors);
        source.Has("Preset");
        var verify = new VerifyReader(source.Child("Verify")).Read(out var key, out var scheme);
        var path = ReadPath(source, name, scheme);
        IReadOnlyList<SourceSecret> secrets = needsSecrets
            ? new SecretReader(files, warning => Warn(name, warning)).Read(source, scheme, key)
            : [];
        source.Has("Secrets");
        if (verify is { Scheme: not VerifyScheme.JwtHs256, KeyId: null } && secrets.Any(secret => secret.KeyId is not null))
            source.Error("Secrets", "have a KeyId that is compared with nothing; set Verify.KeyId (rsa-sha256), or remove it");
        var definition = MappingReader.Read(source, verify);
        var mapping = MappingReader.Compile(definition, verify, source, out var proof);
        var trusted = Covered.Trusted(source);
        if (verify is not null && mapping is not null)
            Covered.Check(verify, definition, mapping.Fields, trusted, source.Error);
        var answer = AnswerReader.Read(source.Child("Answer"), TemplatePlace.Answer);
        var handshakes = AnswerReader.Handshakes(source);
        var afterEnd = source.Choice(
            "AfterEnd", AfterEnd.Settle, ("settle", AfterEnd.Settle), ("fail", AfterEnd.Fail), ("route", AfterEnd.Route));
        var maxBodyBytes = source.Number("MaxBodyBytes", least: 1, MostBodyBytes) ?? DefaultMaxBodyBytes;
        var health = ReadHealth(source.Child("Health"));
        var samples = SourceSample.Read(source);
        source.Close();
        if (path is not null) Covered.CheckRoute(path.Names, TemplatesOf(verify, mapping, answer), source.Error);
        if (scheme == VerifyScheme.None)
            Warn(name, "requests prove only that the sender knows the path; use another Verify.Scheme if the sender has one");
        if (errors.Count > before) return null;
        return new Source
        {
            Name = name, Preset = preset, Path = path!, Verify = verify!, Proof = proof,
            Verifier = needsSecrets ? new Verifier(verify!, secrets) : null,
            Mapping = mapping!, MappedParts = MappingReader.PartsOf(mapping!, verify!), AfterEnd = afterEnd,
            Answer = answer, AnswerPaths = Verifier.PlanOf([.. answer.Templates]),
            Handshakes = handshakes, HandshakePaths = Verifier.PlanOf(handshakes.SelectMany(one => one.Templates)),
            MaxBodyBytes = maxBodyBytes, Health = health, Samples = samples,
            OwnSamples = SourceSample.OwnOf(samples, written),
            Identity = $"{definition.Each} {definition.Id}",
        };
    }

    /// <summary>The further secrets of the built-in source; it has no other setting here.</summary>
    public IReadOnlyList<SourceSecret> ReadBuiltIn(string name, SettingsNode written)
    {
        var source = new SettingsReader(written, name, path: "", errors);
        IReadOnlyList<SourceSecret> secrets = needsSecrets
            ? new SecretReader(files, warning => Warn(name, warning)).Read(source, VerifyScheme.HmacSha256, KeyForm.Utf8)
            : [];
        source.Has("Secrets");
        source.Close();
        return secrets;
    }

    /// <summary>Null where there is no such preset: without it every other line would be about what it has.</summary>
    private string? PresetOf(string name, SettingsNode written, out SettingsNode? below)
    {
        below = null;
        var preset = new SettingsReader(written, name, path: "", errors).Text("Preset") ?? PresetFiles.Custom;
        if (preset.Equals(PresetFiles.Custom, StringComparison.OrdinalIgnoreCase)) return PresetFiles.Custom;
        if ((below = PresetFiles.Find(preset)) is not null) return preset.ToLowerInvariant();
        var known = string.Join(", ", PresetFiles.Names.Prepend(PresetFiles.Custom));
        errors.Add($"sources:{name}: Preset is '{preset}'; write one of {known}");
        return null;
    }

    private void Warn(string name, string warning) => warnings.Add($"sources:{name}: {warning}");

    private static RequestPattern? ReadPath(SettingsReader source, string name, VerifyScheme scheme)
    {
        var text = source.Text("Path") ?? $"/v1/sources/{name}{(scheme == VerifyScheme.None ? "/{token}" : "")}";
        var path = RequestPattern.Parse(text, out var error);
        if (error is not null) source.Error("Path", error);
        return path;
    }

    private static IEnumerable<MappingField> TemplatesOf(VerifySettings? verify, SourceMapping? mapping, SourceAnswer answer)
    {
        IEnumerable<MappingField> proof = verify is null ? [] : [new MappingField("Verify.Signature", verify.Signature)];
        return [.. proof, .. mapping?.Fields ?? [], .. answer.Templates.Select(body => new MappingField("Answer.Body", body))];
    }

    private static SenderHealth ReadHealth(SettingsReader health)
    {
        var read = new SenderHealth(
            health.Span("SilenceAfter"), health.Number("DisablesAfter", least: 1, most: 1_000_000), health.Span("GivesUpAfter"));
        health.Close();
        return read;
    }

    [GeneratedRegex(@"^[a-z0-9-]{1,64}\z")]
    private static partial Regex NameForm();
}
