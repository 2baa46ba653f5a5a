using System.Text;
using Gateway.EventsGateway.Repositories.Sqlite;
using Gateway.Shared.Sqlite;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Tests.Repositories.Migration;

/// <summary>A file made by the ten scripts of the version before.</summary>
public sealed class DetailsMigrationSqliteTests : DetailsMigrationContract
{
    private static readonly SqliteSchema SchemaOfVersionBefore = new([.. EventSchema.Schema.Scripts.Take(10)])
    {
        Functions = EventSchema.Schema.Functions,
    };

    private readonly SqliteStore _store;

    public DetailsMigrationSqliteTests()
        : this(new SqliteStore())
    {
    }

    private DetailsMigrationSqliteTests(SqliteStore store)
        : base(store) => _store = store;

    private protected override async Task WriteAsync()
    {
        using var database = new SqliteDatabase(
            Options.Create(new SqliteOptions { Path = _store.FilePath }), SchemaOfVersionBefore,
            new HostingEnvironment { ContentRootPath = Path.GetTempPath() }, _store.Time);
        await database.WriteAsync(write => write.Execute(
            """
            INSERT INTO events (shippingCompanyId, eventId, merchantId, shipmentId, type, occurredAt, receivedAt, body, acceptIds,
                status, requeuedAt, dueAt)
            VALUES ('dhl', '1', 'm-1', 'sh-1', 'SHIPMENT_CREATED', @now, @now, @body, '[]', 'pending', @now, @now)
            """,
            ("@now", Now.ToUnixTimeMilliseconds()), ("@body", Encoding.UTF8.GetBytes(Body))));
        await database.WriteAsync(write => write.Execute(
            "INSERT INTO pauses (merchantId, since, pausedBy) VALUES ('m-1', @now, 'mira')",
            ("@now", Now.ToUnixTimeMilliseconds())));
    }
}
