namespace Gateway.EventsGateway.Tests.Contracts.AuditRepository;

public sealed class AuditRepositorySqliteTests() : AuditRepositoryContract(new SqliteStore());
