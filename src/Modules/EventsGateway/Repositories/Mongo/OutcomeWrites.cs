using Gateway.EventsGateway.Entities;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>The outcomes of a group in one bulk write, each conditional on its own claim.</summary>
internal static class OutcomeWrites
{
    public static async Task<IReadOnlyList<bool>> SaveAsync(
        IMongoCollection<BsonDocument> events, IReadOnlyList<AttemptOutcome> outcomes, long now, CancellationToken limit)
    {
        var call = Guid.NewGuid();
        var matched = await WriteAsync(outcomes, outcome => PayloadProjection.Of(outcome.Body.Span));
        if (matched == outcomes.Count) return [.. outcomes.Select(_ => true)];

        // A bulk write returns only how many rows matched. Where a claim was lost, which is rare, the rows are read.
        var written = await WrittenAsync(events, outcomes, call, limit);
        return [.. outcomes.Select(outcome => written.Contains(outcome.Key))];

        async Task<long> WriteAsync(IReadOnlyList<AttemptOutcome> some, Func<AttemptOutcome, PayloadProjection> payload)
        {
            if (some.Count == 0) return 0;
            var updates = some.Select(outcome => new UpdateOneModel<BsonDocument>(
                EventTransitions.Held(outcome), EventTransitions.Save(outcome, payload(outcome), call, now)));
            try
            {
                return (await events.BulkWriteAsync(updates, new BulkWriteOptions { IsOrdered = false }, limit)).MatchedCount;
            }
            catch (MongoBulkWriteException<BsonDocument> partly) when (IsAboutRows(partly))
            {
                // The store rejected a payload, so the outcome is saved without it. If that is rejected too, the claim expires;
                // after ten abandoned attempts the event fails as poison.
                if (some.Count == outcomes.Count)
                    await WriteAsync([.. partly.WriteErrors.Select(error => some[error.Index])], _ => PayloadProjection.LeftOut);
                return 0;
            }
        }
    }

    private static bool IsAboutRows(MongoBulkWriteException<BsonDocument> partly)
        => partly.WriteConcernError is null && partly.UnprocessedRequests.Count == 0
            && partly.WriteErrors.All(error => MongoFault.IsRejection(error.Code));

    private static async Task<HashSet<EventKey>> WrittenAsync(
        IMongoCollection<BsonDocument> events, IReadOnlyList<AttemptOutcome> outcomes, Guid call, CancellationToken limit)
    {
        var written = new HashSet<EventKey>();
        var companies = outcomes.GroupBy(outcome => outcome.Key.ShippingCompanyId, outcome => (BsonValue)outcome.Key.EventId);
        foreach (var company in companies)
        {
            var rows = await events.Find(new BsonDocument
            {
                { "shippingCompanyId", company.Key },
                { "eventId", new BsonDocument("$in", new BsonArray(company)) },
                { EventTransitions.WrittenBy, BsonFields.Id(call) },
            }).Project(BsonExpressions.Ascending("shippingCompanyId", "eventId")).ToListAsync(limit);
            written.UnionWith(rows.Select(EventDocument.Key));
        }

        return written;
    }
}
