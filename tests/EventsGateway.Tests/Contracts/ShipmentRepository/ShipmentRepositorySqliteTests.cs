namespace Gateway.EventsGateway.Tests.Contracts.ShipmentRepository;

public sealed class ShipmentRepositorySqliteTests() : ShipmentRepositoryContract(new SqliteStore());
