using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>One row's answer: inserted, there already, or refused for a reason of its own.</summary>
internal readonly record struct BulkInsert(bool WasThere, string? Refusal)
{
    public bool IsInserted => !WasThere && Refusal is null;

    /// <summary>One unordered bulk, answered per row; a fault of the server is thrown.</summary>
    public static async Task<BulkInsert[]> TryAsync(
        IMongoCollection<BsonDocument> collection, IReadOnlyList<BsonDocument> rows, CancellationToken limit)
    {
        var answers = new BulkInsert[rows.Count];
        try
        {
            await collection.InsertManyAsync(rows, new InsertManyOptions { IsOrdered = false }, limit);
        }
        catch (MongoBulkWriteException<BsonDocument> partly)
        {
            var isFault = partly.WriteConcernError is not null || partly.UnprocessedRequests.Count > 0;
            if (isFault || partly.WriteErrors.Any(error => !IsDuplicate(error) && !MongoFault.IsRejection(error.Code))) throw;
            foreach (var error in partly.WriteErrors)
                answers[error.Index] = new BulkInsert(IsDuplicate(error), IsDuplicate(error) ? null : error.Message);
        }
        catch (Exception unsent) when (IsOfTheRow(unsent))
        {
            // The driver could not even write it down, and then it sends none of its neighbours either.
            if (rows.Count == 1) return [new BulkInsert(WasThere: false, unsent.Message)];
            for (var i = 0; i < rows.Count; i++) answers[i] = (await TryAsync(collection, [rows[i]], limit))[0];
        }

        return answers;
    }

    /// <summary>Too large, or a text that is none.</summary>
    public static bool IsOfTheRow(Exception unsent)
        => unsent is BsonException or FormatException or ArgumentException;

    private static bool IsDuplicate(BulkWriteError error) => MongoFault.DuplicateKey.Contains(error.Code);
}
