namespace Gateway.EventsGateway.Tests.Contracts;

public sealed class EventQueueRabbitMqTests() : EventQueueContract(new RabbitMqBroker());
