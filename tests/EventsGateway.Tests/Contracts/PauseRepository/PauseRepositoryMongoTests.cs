namespace Gateway.EventsGateway.Tests.Contracts.PauseRepository;

public sealed class PauseRepositoryMongoTests() : PauseRepositoryContract(new MongoStore());
