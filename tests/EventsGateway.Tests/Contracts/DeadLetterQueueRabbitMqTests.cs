namespace Gateway.EventsGateway.Tests.Contracts;

public sealed class DeadLetterQueueRabbitMqTests() : DeadLetterQueueContract(new RabbitMqBroker());
