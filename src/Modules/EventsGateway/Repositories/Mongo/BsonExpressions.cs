using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>The operators of queries and pipelines.</summary>
internal static class BsonExpressions
{
    public static BsonDocument In(IEnumerable<BsonValue> ids) => new("_id", new BsonDocument("$in", new BsonArray(ids)));

    public static BsonDocument Ascending(params string[] fields) => new(fields.ToDictionary(field => field, _ => (object)1));

    public static BsonDocument Op(string name, BsonValue argument) => new(name, argument);

    public static BsonDocument Literal(BsonValue value) => Op("$literal", value);

    public static BsonDocument IfNull(BsonValue value, BsonValue otherwise) => Op("$ifNull", new BsonArray { value, otherwise });

    public static BsonDocument Cond(BsonValue condition, BsonValue then, BsonValue otherwise)
        => Op("$cond", new BsonArray { condition, then, otherwise });

    public static BsonDocument Not(BsonValue condition) => Op("$not", new BsonArray { condition });

    public static BsonDocument Exists(bool isThere) => Op("$exists", isThere);

    public static UpdateDefinition<BsonDocument> Pipeline(params BsonDocument[] stages)
        => new PipelineUpdateDefinition<BsonDocument>(PipelineDefinition<BsonDocument, BsonDocument>.Create(stages));
}
