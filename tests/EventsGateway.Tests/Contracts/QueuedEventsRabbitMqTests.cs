namespace Gateway.EventsGateway.Tests.Contracts;

public sealed class QueuedEventsRabbitMqTests() : QueuedEventsContract(new RabbitMqBroker());
