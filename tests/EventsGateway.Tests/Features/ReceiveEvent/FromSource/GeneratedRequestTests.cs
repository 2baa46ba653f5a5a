using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Sources;
using Gateway.EventsGateway.Tests.Sources.Mapping;
using Gateway.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent.FromSource;

/// <summary>
/// Generated sources and requests over HTTP, 2,000 in a round. 100,000:
/// <c>GATEWAY_DRILL_ROUNDS=50 dotnet test --project tests/EventsGateway.Tests --filter-class "*GeneratedRequestTests"</c>.
/// </summary>
public sealed class GeneratedRequestTests(ITestOutputHelper output)
{
    private const int RequestsPerRound = 2_000, RequestsPerTable = 500, SourcesPerTable = 50, Connections = 8;

    private readonly ConcurrentDictionary<int, int> _statuses = new();
    private int _mapped, _containers, _skipped;

    [Fact]
    public async Task Every_generated_request_has_an_answer_below_500_and_is_kept_where_it_cannot_be_mapped()
    {
        var log = new LogLines();
        await using var host = GatewayHost.Start(
            services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(log)));
        var (queries, current) = (Queries(host), host.Services.GetRequiredService<CurrentSources>());
        var rounds = int.Parse(Environment.GetEnvironmentVariable("GATEWAY_DRILL_ROUNDS") ?? "1", CultureInfo.InvariantCulture);
        var generator = new SourceGenerator(new Random(14));

        for (var sent = 0; sent < rounds * RequestsPerRound; sent += RequestsPerTable)
        {
            var table = generator.Table(SourcesPerTable);
            current.Replace(table);
            var requests = Enumerable.Range(0, RequestsPerTable).Select(_ => generator.Request(table)).ToList();
            await Parallel.ForEachAsync(
                requests, new ParallelOptions { MaxDegreeOfParallelism = Connections },
                async (request, _) => await CheckAsync(request));
        }

        var counts = await host.Client.SettledAsync(TimeSpan.FromMinutes(10));
        output.WriteLine(
            $"{rounds * RequestsPerRound} requests: {Text(_statuses)}; {_mapped} mapped, {_containers} containers, "
            + $"{_skipped} skipped; {generator.Refused} settings refused; log lines {Text(log.Levels)}; {counts}");
        log.Faults.ShouldBeEmpty();
        _statuses.Keys.ShouldBeSubsetOf([200, 400, 401, 413, 414, 415, 417, 431]);
        // The generator reaches every kind of result.
        new[] { _statuses[200], _statuses[400], _statuses[401], _statuses[415], _mapped, _containers, _skipped }
            .ShouldAllBe(count => count > 0);

        async Task CheckAsync(GeneratedRequest request)
        {
            var answer = await RawConnection.AskAsync(host.Address, request.Head, request.Body);
            _statuses.AddOrUpdate(answer.Status, 1, (_, count) => count + 1);
            answer.Status.ShouldBeInRange(200, 499, answer.Text);
            if (answer.Status == 200) await ShouldBeKeptAsync(request, answer);
        }

        async Task ShouldBeKeptAsync(GeneratedRequest request, RawAnswer answer)
        {
            JsonDocument.Parse(answer.Text.Split("\r\n\r\n", 2)[1]).Dispose();
            var (source, body) = (request.Source, request.Body);
            var isContainer = await HasAsync(new EventKey(
                AcceptedEvent.ContainerCompany, $"{source.Name}:{Convert.ToHexStringLower(SHA256.HashData(body))}"));
            if (isContainer) Interlocked.Increment(ref _containers);
            if (!MappingGenerator.IsJson(body)) isContainer.ShouldBeTrue(source.Name);
            if (request.Values is null) return;
            var mapped = source.Mapping.Map(request.Values, body, DateTimeOffset.UtcNow);
            isContainer.ShouldBe(CanonicalEvents.ErrorOf(mapped) is not null, source.Name);
            foreach (var e in CanonicalEvents.Of(source, mapped, body, "a", DateTimeOffset.UtcNow))
            {
                (await HasAsync(e.Key)).ShouldBeTrue(source.Name);
                Interlocked.Increment(ref _mapped);
            }

            if (mapped.IsSkipped || mapped.Items.Any(item => item.IsSkipped)) Interlocked.Increment(ref _skipped);
        }

        async Task<bool> HasAsync(EventKey key) => await queries.FindAsync(key, CancellationToken.None) is not null;
    }

    private static IEventQueries Queries(GatewayHost host) => host.Services.GetRequiredService<IEventQueries>();

    private static string Text<TKey>(IReadOnlyDictionary<TKey, int> counts) where TKey : notnull
        => string.Join(", ", counts.OrderBy(one => one.Key).Select(one => $"{one.Key}: {one.Value}"));

    /// <summary>Counts lines by level, and keeps those of errors and exceptions.</summary>
    private sealed class LogLines : ILoggerProvider, ILogger
    {
        public ConcurrentDictionary<LogLevel, int> Levels { get; } = new();

        public ConcurrentQueue<string> Faults { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Levels.AddOrUpdate(logLevel, 1, (_, count) => count + 1);
            if (exception is not null || logLevel >= LogLevel.Error)
                Faults.Enqueue($"{eventId}: {formatter(state, exception)} {exception}");
        }
    }
}
