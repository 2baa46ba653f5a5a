namespace Gateway.EventsGateway.Tests.Contracts.HistoryRepository;

public sealed class HistoryRepositorySqliteTests() : HistoryRepositoryContract(new SqliteStore());
