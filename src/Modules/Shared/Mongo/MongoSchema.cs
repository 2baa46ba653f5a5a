using MongoDB.Driver;

namespace Gateway.Shared.Mongo;

/// <summary>
/// What a module needs to find in the database before it uses it. It runs in every process, also in several at once, so
/// all of it must be harmless when it is done already.
/// </summary>
public sealed record MongoSchema(Func<IMongoDatabase, MongoOptions, CancellationToken, Task> EnsureAsync);
