using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.EventConditions;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

internal sealed class DeadLetterOutboxMongo(MongoConnection mongo, TimeProvider clock) : IDeadLetterOutbox
{
    private const string At = "effectsDue.at";
    private const string Generation = "effectsDue.generation";
    private const string Token = "effectsDue.token";

    public Task<IReadOnlyList<DeadLetter>> ClaimAsync(int limit, TimeSpan lease)
        => mongo.UseAsync<IReadOnlyList<DeadLetter>>(EventDocument.Collection, async (events, stop) =>
        {
            var now = clock.GetUtcNow();
            var due = new BsonDocument(At, new BsonDocument("$lte", BsonFields.Date(now)));
            var token = BsonFields.Id(Guid.NewGuid());
            var found = await events.Find(due, new FindOptions { Hint = EventSchema.EffectsIndex }).Sort(Ascending(At))
                .Limit(limit)
                .Project(Ascending("_id")).ToListAsync(stop);
            if (found.Count == 0) return [];
            var ids = In(found.Select(row => row["_id"]));
            // The update is conditional, because another worker may have found the same events.
            await events.UpdateManyAsync(
                new BsonDocument(ids).AddRange(due),
                Op("$set", new BsonDocument { { At, BsonFields.Date(now + lease) }, { Token, token } }), null, stop);
            var rows = await events.Find(new BsonDocument(ids).Add(Token, token)).Project(EventDocument.WithBody)
                .ToListAsync(stop);
            return [.. rows.Select(Read)];
        });

    public Task MarkCopiedAsync(IReadOnlyList<DeadLetter> letters)
        => UpdateAsync(letters, Op("$set", new BsonDocument("effectsDue.copied", true)));

    public Task ClearAsync(IReadOnlyList<DeadLetter> letters)
        => UpdateAsync(letters, Op("$unset", new BsonDocument("effectsDue", "")));

    private static DeadLetter Read(BsonDocument row)
    {
        var effects = row["effectsDue"].AsBsonDocument;
        return new DeadLetter(
            EventDocument.Read(row), BsonFields.Number(effects, "generation") ?? 1, effects.GetValue("copied", false)
                .ToBoolean());
    }

    private Task UpdateAsync(IReadOnlyList<DeadLetter> letters, BsonDocument update)
        => letters.Count == 0
            ? Task.CompletedTask
            : mongo.UseAsync(EventDocument.Collection, (events, stop) => events.BulkWriteAsync(
                letters.Select(letter => new UpdateOneModel<BsonDocument>(
                    Of(letter.Event.Key).Add(Generation, StillOf(letter.Generation)), update)),
                new BulkWriteOptions { IsOrdered = false }, stop));

    // A worker of version 0 writes no generation; it is read as 1.
    private static BsonValue StillOf(int generation)
        => generation == 1 ? Op("$in", new BsonArray { 1, BsonNull.Value }) : generation;
}
