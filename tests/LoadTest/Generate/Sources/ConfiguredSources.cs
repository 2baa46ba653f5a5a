using Gateway.EventsGateway.Sources;
using Gateway.EventsGateway.Sources.Configuration;
using Gateway.EventsGateway.Sources.Samples;
using Gateway.EventsGateway.Sources.Settings;
using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Generate.Events;
using Gateway.LoadTest.Measure.Accounting;

namespace Gateway.LoadTest.Generate.Sources;

/// <summary>The sources of the gateway under load, from its own settings: they hold presets, samples and secrets.</summary>
internal sealed class ConfiguredSources
{
    private readonly SourceTable _table;
    private readonly LoadOptions _options;

    private ConfiguredSources(SourceTable table, LoadOptions options) => (_table, _options) = (table, options);

    /// <exception cref="CannotRunException">A source cannot be loaded; a line per mistake.</exception>
    public static ConfiguredSources Load(LoadOptions options)
    {
        IReadOnlyList<SourceShare> shares = [.. options.Sources.Shares, .. options.Sources.Against];
        if (shares.All(share => share.Name == SourceShare.BuiltIn)) return new ConfiguredSources(SourceTable.Empty, options);
        var environment = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var configured = SettingsNode.Of(environment.GetSection(SourcesOptions.Section));
        var file = options.Sources.File ?? environment[SourcesFile.Section];
        var loaded = new SourceLoader(configured, file, needsSecrets: true, options.Secret, TimeProvider.System).Load();
        if (loaded.Table is null) throw new CannotRunException(string.Join('\n', loaded.Errors));
        var sources = new ConfiguredSources(loaded.Table, options);
        // What cannot be sent is told before the run.
        foreach (var share in shares) sources.PartOf(share, "1000000000", options.Url);
        return sources;
    }

    /// <summary>The requests of one run.</summary>
    public RequestMix NewMix(IEnumerable<SourceShare> shares, Uri ingestUri)
    {
        var run = $"{Random.Shared.NextInt64(1_000_000_000, 10_000_000_000)}";
        return new RequestMix([.. shares.Select(share => PartOf(share, run, ingestUri))]);
    }

    private MixPart PartOf(SourceShare share, string run, Uri ingestUri)
    {
        if (share.Name != SourceShare.BuiltIn) return new MixPart([.. GeneratorsOf(share, run, ingestUri)], share.Weight);
        if (share.Events > 1) throw new CannotRunException($"{share.Name} takes one event per request, not {share.Events}.");
        return new MixPart([new EventGenerator(new RunIds(run), ingestUri, _options.Secret)], share.Weight);
    }

    private List<SourceGenerator> GeneratorsOf(SourceShare share, string run, Uri ingestUri)
    {
        if (_table.ByName(share.Name) is not { } source) throw new CannotRunException(NotConfigured(share.Name));
        if (share.Events > 1 && !source.Mapping.Plan.HasEach)
        {
            throw new CannotRunException(
                $"sources:{source.Name}: takes one event per request, not {share.Events}: it has no Each.");
        }

        var now = DateTimeOffset.UtcNow;
        var secret = source.Verifier!.Secrets.FirstOrDefault(one => one.IsLive(now));
        var signable = source.Samples
            .Where(sample => secret is not null && SampleSigner.Sign(source, sample, secret, now) is not null);
        var ids = new SourceIds(source.Name, run, now);
        List<NewEvents> samples = [.. signable.Select(sample => new NewEvents(source, sample, ids, share.Events))];
        if (samples.Count == 0) throw Fault(SourceCommands.ObstacleOf(source, secret));
        samples.RemoveAll(sample => !sample.AreNew());
        if (samples.Count == 0) throw Fault("no sample becomes new events by another shipment and id in its body and headers");
        return [.. samples.Select(sample => new SourceGenerator(sample, secret!, ids, ingestUri, TimeProvider.System))];

        CannotRunException Fault(string text) => new($"sources:{source.Name}: {text}.");
    }

    private string NotConfigured(string name)
    {
        var names = string.Join(", ", _table.All.Select(source => source.Name).Prepend(SourceShare.BuiltIn));
        return $"sources:{name}: is not configured (--sources-file); configured are: {names}.";
    }
}
