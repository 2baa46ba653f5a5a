using MongoDB.Driver;

namespace Gateway.Shared.Mongo;

/// <summary>
/// Prepares the database for a module before first use. It runs in every process, also concurrently, so it must be idempotent.
/// </summary>
public sealed record MongoSchema(Func<IMongoDatabase, MongoOptions, CancellationToken, Task> EnsureAsync);
