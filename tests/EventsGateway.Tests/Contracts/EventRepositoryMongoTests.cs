namespace Gateway.EventsGateway.Tests.Contracts;

public sealed class EventRepositoryMongoTests() : EventRepositoryContract(new MongoStore());
