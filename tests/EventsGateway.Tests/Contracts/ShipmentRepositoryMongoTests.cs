namespace Gateway.EventsGateway.Tests.Contracts;

public sealed class ShipmentRepositoryMongoTests() : ShipmentRepositoryContract(new MongoStore());
