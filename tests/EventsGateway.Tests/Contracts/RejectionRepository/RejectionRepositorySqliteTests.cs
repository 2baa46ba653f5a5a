namespace Gateway.EventsGateway.Tests.Contracts.RejectionRepository;

public sealed class RejectionRepositorySqliteTests() : RejectionRepositoryContract(new SqliteStore());
