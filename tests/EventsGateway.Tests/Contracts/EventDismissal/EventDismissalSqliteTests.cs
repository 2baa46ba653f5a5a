namespace Gateway.EventsGateway.Tests.Contracts.EventDismissal;

public sealed class EventDismissalSqliteTests() : EventDismissalContract(new SqliteStore());
