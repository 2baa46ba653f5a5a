namespace Gateway.EventsGateway.Tests.Contracts.PauseRepository;

public sealed class PauseRepositorySqliteTests() : PauseRepositoryContract(new SqliteStore());
