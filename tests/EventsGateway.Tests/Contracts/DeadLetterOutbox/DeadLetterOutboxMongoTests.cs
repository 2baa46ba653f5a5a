namespace Gateway.EventsGateway.Tests.Contracts.DeadLetterOutbox;

public sealed class DeadLetterOutboxMongoTests : DeadLetterOutboxContract
{
    public DeadLetterOutboxMongoTests()
        : this(new MongoStore())
    {
    }

    private DeadLetterOutboxMongoTests(MongoStore store)
        : base(store, () => store.Outbox)
    {
    }
}
