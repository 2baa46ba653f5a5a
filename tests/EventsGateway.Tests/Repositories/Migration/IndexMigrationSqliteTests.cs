using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Repositories.Migration;

/// <summary>A file made by the twelve scripts of the version before.</summary>
public sealed class IndexMigrationSqliteTests : IAsyncLifetime
{
    private const int ScriptsOfVersionBefore = 12;

    private readonly SqliteStore _store = new();

    public async ValueTask InitializeAsync()
    {
        using (var file = new OldFile(_store.FilePath, ScriptsOfVersionBefore))
        {
            for (var i = 1; i <= 6; i++)
            {
                file.Execute(
                    """
                    INSERT INTO events (shippingCompanyId, eventId, merchantId, shipmentId, type, occurredAt, receivedAt, body,
                        acceptIds, status, requeuedAt, dueAt, details)
                    VALUES (@company, @id, 'm-1', 'sh-1', @type, @at, @at, x'7b7d', '[]', 'pending', @at, @at, '{}')
                    """,
                    ("@company", i % 2 == 0 ? "dhl" : "ups"), ("@id", $"{i}"),
                    ("@type", i % 3 == 0 ? EventType.Delivered.Text() : EventType.Created.Text()),
                    ("@at", _store.Time.GetUtcNow().ToUnixTimeMilliseconds() - 60_000 + i));
            }

            file.Execute("UPDATE counts SET n = 6 WHERE status = 'pending'");
        }

        await _store.OpenAsync();
    }

    [Fact]
    public async Task Events_of_a_company_or_a_type_are_listed_newest_first()
    {
        (await ListAsync(new() { ShippingCompanyId = "dhl" })).ShouldBe(["6", "4", "2"]);
        (await ListAsync(new() { Type = EventType.Delivered })).ShouldBe(["6", "3"]);
        (await ListAsync(new() { ShippingCompanyId = "dhl", Type = EventType.Created })).ShouldBe(["4", "2"]);
    }

    [Fact]
    public async Task Inserts_write_the_indexes_of_companies_and_types_no_more()
    {
        var indexes = await _store.Database.ReadAsync(
            read => read.Query("SELECT name FROM pragma_index_list('events')", row => row.Text("name")), CancellationToken.None);

        indexes.ShouldNotContain("events_company");
        indexes.ShouldNotContain("events_type");
        indexes.ShouldContain("events_received");
        (await _store.Queries.CountAsync(CancellationToken.None)).Pending.ShouldBe(6);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task<IEnumerable<string>> ListAsync(EventFilter filter)
        => (await _store.Queries.ListAsync(filter, null, 10, CancellationToken.None)).Select(e => e.Key.EventId);
}
