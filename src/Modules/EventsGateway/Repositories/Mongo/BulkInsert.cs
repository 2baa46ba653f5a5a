using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>The result of one row: inserted, a duplicate, or rejected by the server or the driver with a reason.</summary>
internal readonly record struct BulkInsert(bool IsDuplicate, string? Rejection)
{
    public bool IsInserted => !IsDuplicate && Rejection is null;

    /// <summary>One unordered bulk with a result per row. An outage of the server is thrown.</summary>
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
            if (isFault || partly.WriteErrors.Any(error => !IsDuplicateKey(error) && !MongoFault.IsRejection(error.Code))) throw;
            foreach (var error in partly.WriteErrors)
                answers[error.Index] = new BulkInsert(IsDuplicateKey(error), IsDuplicateKey(error) ? null : error.Message);
        }
        catch (Exception unsent) when (IsOfTheRow(unsent))
        {
            // The driver cannot serialise one of the rows, so it has sent none of them.
            if (rows.Count == 1) return [new BulkInsert(IsDuplicate: false, unsent.Message)];
            for (var i = 0; i < rows.Count; i++) answers[i] = (await TryAsync(collection, [rows[i]], limit))[0];
        }

        return answers;
    }

    /// <summary>The row is too large, or contains a text that UTF-8 cannot encode.</summary>
    public static bool IsOfTheRow(Exception unsent)
        => unsent is BsonException or FormatException or ArgumentException;

    private static bool IsDuplicateKey(BulkWriteError error) => MongoFault.DuplicateKey.Contains(error.Code);
}
