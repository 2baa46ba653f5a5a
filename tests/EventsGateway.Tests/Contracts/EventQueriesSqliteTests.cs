namespace Gateway.EventsGateway.Tests.Contracts;

public sealed class EventQueriesSqliteTests() : EventQueriesContract(new SqliteStore());
