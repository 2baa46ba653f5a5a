using System.Globalization;
using MongoDB.Driver;
using RabbitMQ.Client;

namespace Gateway.TestSupport.Servers;

/// <summary>The three servers of the profile Distributed, and sandboxes on them: names that no other test uses.</summary>
public sealed class Backends(RabbitMqServer rabbitMq, RedisServer redis, MongoServer mongo, string? rabbitMqUrl = null)
{
    public RabbitMqServer RabbitMq => rabbitMq;

    public RedisServer Redis => redis;

    public MongoServer Mongo => mongo;

    /// <summary>The servers that all tests of this process share.</summary>
    public static async Task<Backends> SharedAsync()
        => new(await RabbitMqServer.SharedAsync(), await RedisServer.SharedAsync(), await MongoServer.SharedAsync());

    /// <summary>New servers that the caller may stop or kill, and disposes.</summary>
    public static async Task<Backends> StartAsync()
        => new(await RabbitMqServer.StartAsync(), await RedisServer.StartAsync(), await MongoServer.StartAsync());

    /// <summary>A cluster that the caller disposes, beside the shared servers.</summary>
    public static async Task<Backends> OnAsync(RabbitMqCluster cluster)
        => new(cluster.Nodes[0], await RedisServer.SharedAsync(), await MongoServer.SharedAsync(), cluster.Urls);

    /// <summary>Settings (below <c>Gateway</c>) of a gateway with queues, keys and a database of its own.</summary>
    public IReadOnlyDictionary<string, string> NewSandbox()
    {
        var name = $"t{Guid.NewGuid():N}";
        return new Dictionary<string, string>
        {
            ["Profile"] = "Distributed",
            ["RabbitMq:Url"] = rabbitMqUrl ?? rabbitMq.Url.ToString(),
            ["RabbitMq:Exchange"] = name,
            ["RabbitMq:Queue"] = $"{name}.v1",
            ["RabbitMq:DeadLetterQueue"] = $"{name}.dlq",
            ["Redis:Host"] = redis.Host,
            ["Redis:Port"] = redis.Port.ToString(CultureInfo.InvariantCulture),
            ["Redis:Password"] = redis.Password,
            ["Idempotency:KeyPrefix"] = $"{name}:",
            ["Mongo:Uri"] = mongo.UriOf(name),
        };
    }

    /// <summary>Removes what a test has left on the shared servers; keys in Redis expire.</summary>
    public async Task ClearAsync(IReadOnlyDictionary<string, string> sandbox)
    {
        // By name: a test may have changed the address of its gateway.
        var name = sandbox["RabbitMq:Exchange"];
        using (var client = new MongoClient(mongo.UriOf(name))) await client.DropDatabaseAsync(name);

        await using var connection = await new ConnectionFactory { Uri = rabbitMq.Url }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync(sandbox["RabbitMq:Queue"]);
        await channel.QueueDeleteAsync(sandbox["RabbitMq:DeadLetterQueue"]);
        await channel.ExchangeDeleteAsync(name);
        await channel.ExchangeDeleteAsync($"{sandbox["RabbitMq:Queue"]}.store");
    }
}
