using Gateway.EventsGateway.NestInterop;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Mongo;

namespace Gateway.EventsGateway.Tests.NestInterop;

/// <summary>A store with rows of the NestJS original.</summary>
internal sealed class NestMongoStore : MongoStore
{
    /// <summary>The original writes rows meanwhile.</summary>
    public bool AlwaysAdopts { get; init; }

    public override IEventQueries Queries => new LegacyEventQueries(base.Queries, Mongo);

    protected override MongoSchema Schema => LegacySchema.Before(base.Schema);

    private protected override IEventRepository EventsOn(MongoConnection mongo)
        => new AdoptingEventRepository(base.EventsOn(mongo), mongo, Time, AlwaysAdopts);
}
