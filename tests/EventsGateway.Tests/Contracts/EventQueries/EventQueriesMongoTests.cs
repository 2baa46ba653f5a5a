namespace Gateway.EventsGateway.Tests.Contracts.EventQueries;

public sealed class EventQueriesMongoTests() : EventQueriesContract(new MongoStore());
