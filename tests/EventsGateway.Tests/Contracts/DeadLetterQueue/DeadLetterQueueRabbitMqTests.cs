namespace Gateway.EventsGateway.Tests.Contracts.DeadLetterQueue;

public sealed class DeadLetterQueueRabbitMqTests() : DeadLetterQueueContract(new RabbitMqBroker());
