using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Sources;
using Gateway.Shared.Operator;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.EventsGateway.Tests.Sources;

public sealed class SourceReloaderTests : IDisposable
{
    private const string Preset = """
        { "ups": { "Preset": "ups", "Merchant": "m-1", "Secrets": [{ "Id": "a", "FromFile": "SECRET" }] } }
        """;

    private const string KeyOfOperator = "the-key-of-an-operator";

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly List<string> _lines = [];
    private readonly FakeTimeProvider _time = new(SourceSetup.Now);
    private readonly SourceLedger _ledger;
    private readonly CurrentSources _current;
    private readonly SourceReloader _reloader;

    public SourceReloaderTests()
    {
        Write("secret", "first-secret-of-16\n");
        Write("sources.json", Written());
        _ledger = new SourceLedger(_time);
        var loader = SourceSetup.Loader("{}", PathOf("sources.json"));
        var loaded = loader.Load();
        loaded.Errors.ShouldBeEmpty();
        _current = new CurrentSources(loaded.Table!);
        var keys = new ConfigurationBuilder().AddInMemoryCollection([new("Gateway:Operator:ApiKey", KeyOfOperator)]).Build();
        _reloader = new SourceReloader(
            loader, loaded, _current, new OperatorKeys(new OperatorKeyReader(keys, [])), _ledger, TimeProvider.System,
            new Lines(_lines));
    }

    public void Dispose()
    {
        _reloader.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Files_that_have_not_changed_are_not_loaded_again()
    {
        var table = _current.Table;

        _reloader.Refresh();

        _current.Table.ShouldBeSameAs(table);
        _lines.ShouldBeEmpty();
    }

    [Fact]
    public void A_new_source_of_the_file_is_used_and_logged()
    {
        Write("sources.json", Written().Replace("\"ups\": {", """
            "two": { "Preset": "aftership", "Merchant": "m-2", "Secrets": [{ "Id": "a", "Value": "another-secret-of-16" }] },
            "ups": {
            """));

        _reloader.Refresh();

        _current.Table.All.Select(source => source.Name).ShouldBe(["two", "ups"]);
        _lines.ShouldBe(["Sources reloaded: 2 sources"]);
    }

    [Fact]
    public void A_source_is_silent_from_its_load_on_whether_or_not_an_operator_looks()
    {
        Write("sources.json", Written() + "\n");
        _reloader.Refresh();
        _time.Advance(TimeSpan.FromDays(3));

        _ledger.Of("ups").Read().Start.ShouldBe(SourceSetup.Now);
    }

    [Fact]
    public void A_removed_secret_no_longer_verifies()
    {
        Accepts("first-secret-of-16").ShouldBeTrue();
        Write("secret", "second-secret-of-16\n");

        _reloader.Refresh();

        Accepts("first-secret-of-16").ShouldBeFalse();
        Accepts("second-secret-of-16").ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData(null)]
    public async Task A_missing_empty_or_broken_file_keeps_what_runs_and_degrades_the_process(string? content)
    {
        Write("sources.json", content);

        _reloader.Refresh();
        _reloader.Refresh();

        Accepts("first-secret-of-16").ShouldBeTrue();
        _lines.ShouldHaveSingleItem()
            .ShouldStartWith("Sources not reloaded, those of before keep running: Gateway:SourcesFile: ");
        _current.Errors.ShouldHaveSingleItem();
        (await HealthAsync()).Status.ShouldBe(HealthStatus.Degraded);
    }

    [Fact]
    public async Task A_mended_file_is_used_and_the_process_is_healthy_again()
    {
        Write("sources.json", "{");
        _reloader.Refresh();
        Write("sources.json", Written());

        _reloader.Refresh();

        (await HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
        _lines[^1].ShouldBe("Sources reloaded: 1 sources");
    }

    [Fact]
    public void An_emptied_secret_file_keeps_the_secret_that_runs()
    {
        Write("secret", "");

        _reloader.Refresh();

        Accepts("first-secret-of-16").ShouldBeTrue();
        _lines.ShouldHaveSingleItem().ShouldContain("sources:ups: Secrets[0].FromFile names a file that is empty");
    }

    [Fact]
    public void A_link_that_leads_to_another_folder_is_a_change()
    {
        Directory.CreateDirectory(PathOf("2"));
        File.WriteAllText(PathOf("2/secret"), "second-secret-of-16");
        File.Delete(PathOf("secret"));
        File.CreateSymbolicLink(PathOf("secret"), PathOf("2/secret"));

        _reloader.Refresh();

        Accepts("second-secret-of-16").ShouldBeTrue();
    }

    [Fact]
    public void A_secret_that_is_the_key_of_an_operator_is_not_used()
    {
        Write("secret", KeyOfOperator);

        _reloader.Refresh();

        Accepts(KeyOfOperator).ShouldBeFalse();
        Accepts("first-secret-of-16").ShouldBeTrue();
        _lines.ShouldHaveSingleItem().ShouldEndWith(
            "sources:ups: the secret a is also the key of the operator operator; give senders a secret of their own");
    }

    [Fact]
    public void Another_identity_of_events_is_logged()
    {
        Write("sources.json", Written().Replace("\"Merchant\"", "\"Map\": { \"Id\": \"{digest}\" }, \"Merchant\""));

        _reloader.Refresh();

        _lines[0].ShouldStartWith("Source ups has another Map.Id or Each");
    }

    private bool Accepts(string token)
        => _current.Table.ByName("ups")!.Verify("{}", ("credential", token)).IsAuthentic;

    private Task<HealthCheckResult> HealthAsync() => new SourcesHealthCheck(_current).CheckHealthAsync(new HealthCheckContext());

    private string Written() => Preset.Replace("SECRET", PathOf("secret").Replace("\\", "/"));

    private string PathOf(string name) => Path.Combine(_folder, name);

    private void Write(string name, string? content)
    {
        if (content is null) File.Delete(PathOf(name));
        else File.WriteAllText(PathOf(name), content);
    }

    private sealed class Lines(List<string> lines) : ILogger<SourceReloader>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => lines.Add(formatter(state, exception));
    }
}
