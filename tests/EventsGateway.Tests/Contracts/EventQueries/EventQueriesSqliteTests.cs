namespace Gateway.EventsGateway.Tests.Contracts.EventQueries;

public sealed class EventQueriesSqliteTests() : EventQueriesContract(new SqliteStore());
