namespace Gateway.EventsGateway.Tests.Contracts;

public sealed class EventRepositorySqliteTests() : EventRepositoryContract(new SqliteStore());
