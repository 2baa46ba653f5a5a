using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Queue.Sqlite;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Repositories.Sqlite;
using Gateway.Shared.Hosting;
using Gateway.Shared.Sqlite;
using Gateway.TestSupport;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Tests.Harnesses;

/// <summary>The Embedded profile's adapters over one real file.</summary>
internal sealed class SqliteStore : StoreHarness
{
    private readonly TempFolder _folder = new();
    private EventRepositorySqlite? _events;
    private bool _isOpen;

    public SqliteDatabase Database { get; private set; } = null!;

    public string FilePath => Path.Combine(_folder.Path, "gateway.db");

    public override IEventRepository Events => _events!;

    public override IEventQueries Queries => new EventQueriesSqlite(Database);

    public override IShipmentRepository Shipments
        => new ShipmentRepositorySqlite(Database, NullLogger<ShipmentRepositorySqlite>.Instance);

    public override IAuditRepository Audit => new AuditRepositorySqlite(Database);

    public override IEventRetention Retention => new EventRetentionSqlite(Database);

    public override IEventErasure Erasure => new EventErasureSqlite(Database, NullLogger<EventErasureSqlite>.Instance);

    public override IEventDismissal Dismissal => new EventDismissalSqlite(Database);

    public override IPauseRepository Pauses => new PauseRepositorySqlite(Database);

    public override IHistoryRepository History => new HistoryRepositorySqlite(Database);

    public WorkSignal Work { get; } = new(TimeProvider.System);

    public IEventQueue Queue => new EventQueueSqlite(Events, EffectiveTimes, Work);

    public override ValueTask OpenAsync()
    {
        Database = new SqliteDatabase(
            Options.Create(new SqliteOptions { Path = FilePath }), EventSchema.Schema,
            new HostingEnvironment { ContentRootPath = _folder.Path }, Time);
        _events = new EventRepositorySqlite(Database);
        _isOpen = true;
        return ValueTask.CompletedTask;
    }

    public override ValueTask ReopenAsync()
    {
        Close();
        return OpenAsync();
    }

    public void Close()
    {
        if (_isOpen) Database.Dispose();
        _isOpen = false;
    }

    public async Task<IReadOnlyList<EventEntity>> AllAsync()
        => await Queries.ListAsync(new EventFilter(), null, 100_000, CancellationToken.None);

    public override ValueTask DisposeAsync()
    {
        Close();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
