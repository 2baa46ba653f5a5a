using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Contracts.AuditRepository;

/// <summary>What every store of audit records promises.</summary>
public abstract class AuditRepositoryContract : IAsyncLifetime
{
    private readonly StoreHarness _store;

    private protected AuditRepositoryContract(StoreHarness store) => _store = store;

    public ValueTask InitializeAsync() => _store.OpenAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Record_exists_before_its_result()
    {
        var record = Record("replay");

        await _store.Audit.BeginAsync(record);

        (await LatestAsync()).ShouldBe([record]);
    }

    [Fact]
    public async Task Completed_record_alone_has_the_result()
    {
        var (first, second) = (Record("erase"), Record("replay"));
        var id = await _store.Audit.BeginAsync(first);
        await _store.Audit.BeginAsync(second);

        await _store.Audit.CompleteAsync(id, "3 erased");

        (await LatestAsync()).ShouldBe([second, first with { Result = "3 erased" }]);
    }

    [Fact]
    public async Task Record_can_be_written_with_its_result()
    {
        var record = Record("login") with { Result = "let in" };

        await _store.Audit.BeginAsync(record);

        (await LatestAsync()).ShouldBe([record]);
    }

    [Fact]
    public async Task Newest_records_come_first_up_to_the_limit()
    {
        var records = Enumerable.Range(0, 10)
            .Select(i => Record($"deed-{i}") with { At = _store.Time.GetUtcNow().AddMinutes(i) }).ToArray();
        foreach (var record in records) await _store.Audit.BeginAsync(record);

        (await LatestAsync(3)).ShouldBe([records[9], records[8], records[7]]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(12)]
    public async Task Pages_under_inserts_repeat_nothing_and_miss_nothing(int limit)
    {
        // Four of each moment.
        for (var i = 0; i < 12; i++)
            await _store.Audit.BeginAsync(Record($"deed-{i}") with { At = _store.Time.GetUtcNow().AddMinutes(i / 4) });

        var before = await _store.Audit.ListAsync(null, 50, CancellationToken.None);

        var seen = new List<AuditRecord>();
        for (AuditCursor? after = null; await _store.Audit.ListAsync(
            after, limit, CancellationToken.None) is { Count: > 0 } page;)
        {
            page.Count.ShouldBeLessThanOrEqualTo(limit);
            seen.AddRange(page);
            after = new AuditCursor(page[^1].At, page[^1].Id);
            await _store.Audit.BeginAsync(Record("meanwhile") with { At = _store.Time.GetUtcNow().AddHours(1) });
        }

        before.Count.ShouldBe(12);
        seen.ShouldBe(before);
    }

    [Fact]
    public async Task Page_after_an_expired_record_begins_with_older_ones()
    {
        var old = Record("old");
        await _store.Audit.BeginAsync(old);

        (await _store.Audit.ListAsync(new AuditCursor(old.At.AddMinutes(1), Guid.CreateVersion7()), 10, CancellationToken.None))
            .ShouldHaveSingleItem().Action.ShouldBe("old");
    }

    [Fact]
    public async Task Records_survive_a_restart()
    {
        await _store.Audit.BeginAsync(Record("login"));

        await _store.ReopenAsync();

        (await LatestAsync()).ShouldHaveSingleItem();
    }

    [Theory]
    [MemberData(nameof(AcceptedEvents.HostileIds), MemberType = typeof(AcceptedEvents))]
    public async Task Any_name_is_stored(string name)
    {
        var record = Record("login") with { Who = name, What = name };

        await _store.Audit.BeginAsync(record);

        (await LatestAsync()).ShouldBe([record]);
    }

    private AuditRecord Record(string action) => new()
    {
        At = DateTimeOffset.FromUnixTimeMilliseconds(_store.Time.GetUtcNow().ToUnixTimeMilliseconds()), Who = "Ada", From = "::1",
            Action = action, What = "what",
    };

    private async Task<IReadOnlyList<AuditRecord>> LatestAsync(int limit = 50)
        => [.. (await _store.Audit.ListAsync(null, limit, CancellationToken.None))
            .Select(record => record with { Id = Guid.Empty })];
}
