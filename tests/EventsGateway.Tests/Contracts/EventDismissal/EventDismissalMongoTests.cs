namespace Gateway.EventsGateway.Tests.Contracts.EventDismissal;

public sealed class EventDismissalMongoTests() : EventDismissalContract(new MongoStore());
