namespace Gateway.EventsGateway.Tests.Contracts;

public sealed class EventQueriesMongoTests() : EventQueriesContract(new MongoStore());
