namespace Gateway.EventsGateway.Tests.Contracts.RejectionRepository;

public sealed class RejectionRepositoryMongoTests() : RejectionRepositoryContract(new MongoStore());
