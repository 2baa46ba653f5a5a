namespace Gateway.EventsGateway.Tests.Contracts.HistoryRepository;

public sealed class HistoryRepositoryMongoTests() : HistoryRepositoryContract(new MongoStore());
