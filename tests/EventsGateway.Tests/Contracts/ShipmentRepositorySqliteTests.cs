namespace Gateway.EventsGateway.Tests.Contracts;

public sealed class ShipmentRepositorySqliteTests() : ShipmentRepositoryContract(new SqliteStore());
