namespace Gateway.EventsGateway.Tests.Contracts;

public sealed class AuditRepositorySqliteTests() : AuditRepositoryContract(new SqliteStore());
