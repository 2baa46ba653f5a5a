using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Gateway.Host.Tests.Architecture;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;
using MongoDB.Bson;
using MongoDB.Driver;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using StackExchange.Redis;

namespace Gateway.Host.Tests.Docker;

/// <summary>The gateway has all the rights that it uses as the users of docker/prepare.sh, and these have no others.</summary>
public sealed partial class BackendUsersTests : IAsyncLifetime
{
    /// <summary>The right that each command needs; the others need none, or a login only.</summary>
    private static readonly Dictionary<string, string[]> ActionsOf = new()
    {
        ["find"] = ["find"], ["aggregate"] = ["find"], ["count"] = ["find"], ["distinct"] = ["find"],
        ["insert"] = ["insert"], ["update"] = ["update"], ["findAndModify"] = ["find", "update"], ["delete"] = ["remove"],
        ["listIndexes"] = ["listIndexes"], ["createIndexes"] = ["createIndex"], ["dropIndexes"] = ["dropIndex"],
        ["collMod"] = ["collMod"], ["hello"] = [], ["getMore"] = [], ["killCursors"] = [], ["endSessions"] = [],
    };

    private PreparedSecrets _secrets = null!;
    private RabbitMqServer _rabbitMq = null!;
    private RedisServer _redis = null!;

    public async ValueTask InitializeAsync() => _secrets = await PreparedSecrets.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        if (_redis is not null) await _redis.DisposeAsync();
        if (_rabbitMq is not null) await _rabbitMq.DisposeAsync();
        _secrets.Dispose();
    }

    [Fact]
    public async Task Gateway_does_all_its_work_with_the_rights_of_its_users()
    {
        await StartServersAsync();
        var (mongo, database) = (await MongoServer.SharedAsync(), $"t{Guid.NewGuid():N}");
        using var client = new MongoClient(mongo.Uri);
        // With another age than the gateway's, which changes it.
        var otherAge = new CreateIndexOptions { Name = "gateway_expiry", ExpireAfter = TimeSpan.FromDays(1) };
        await client.GetDatabase(database).GetCollection<BsonDocument>("audit").Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>(new BsonDocument("at", 1), otherAge));
        var commands = new ConcurrentDictionary<string, bool>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "MongoDB.Driver",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = call =>
            {
                if (call.GetTagItem("db.command.name") is string command) commands.TryAdd(command, true);
            },
        };
        ActivitySource.AddActivityListener(listener);
        List<(string, string)> settings =
        [
            ("Profile", "Distributed"), ("RabbitMq:UrlFile", UrlFile()),
            ("Redis:Port", $"{_redis.Port}"), ("Redis:Options", "user=gateway"),
            ("Redis:PasswordFile", _secrets.FileOf("redis_password")), ("Mongo:Uri", mongo.UriOf(database)),
            // The late event of this test arrives milliseconds after the end of its shipment.
            ("Processing:ArrivalTolerance", "00:00:00"),
        ];
        await using (var host = GatewayHost.Start(settings))
        {
            await UseAsync(host);
            await Until.TrueAsync(() => commands.ContainsKey("collMod"));
        }

        listener.Dispose();
        await client.DropDatabaseAsync(database);

        // MongoDB's rights are compared by the commands, because the one of the tests may have no users.
        var granted = Actions().Match(Read("docker/mongo/users.js")).Groups["action"].Captures.Select(action => action.Value);
        commands.Keys.SelectMany(command => ActionsOf[command]).Distinct().ShouldBeSubsetOf(granted);
        granted.ShouldAllBe(action => Read("docs/backends.md").Contains($"`{action}`"));
    }

    [Fact]
    public async Task Users_have_no_other_rights()
    {
        await StartServersAsync();
        var url = new Uri(File.ReadAllText(UrlFile()));
        await using var connection = await new ConnectionFactory { Uri = url }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        var forbidden = await Should.ThrowAsync<OperationInterruptedException>(() => channel.QueueDeclareAsync("another"));
        forbidden.ShutdownReason!.ReplyCode.ShouldBe((ushort)403);

        var password = _secrets.TextOf("redis_password");
        await using var redis = await ConnectionMultiplexer.ConnectAsync(
            $"{_redis.Endpoint},user=gateway,password={password},allowAdmin=true");
        foreach (var command in new[] { "KEYS *", "FLUSHALL", "GET another", "CONFIG GET *", "ACL LIST" })
        {
            var words = command.Split(' ');
            (await Should.ThrowAsync<RedisServerException>(() => redis.GetDatabase().ExecuteAsync(words[0], words[1..])))
                .Message.ShouldContain("NOPERM", customMessage: command);
        }
    }

    private async Task UseAsync(GatewayHost host)
    {
        var shipment = new Webhooks(Random.Shared.Next()).Next() with { Type = "SHIPMENT_DELIVERED" };
        await host.Client.StatusAsync(await host.Client.AcceptedAsync(shipment), "processed");
        await Until.TrueAsync(() => host.Client.PostSignedAsync(shipment), answer => answer.IsReplayed());
        var late = await host.Client.AcceptedAsync(shipment with
        {
            EventId = $"{shipment.EventId}-late", Type = "SHIPMENT_UPDATED", OccurredAt = "2026-02-26T14:30:00.000Z",
        });
        await host.Client.StatusAsync(late, "failed");
        await Until.TrueAsync(DeadLetterAsync, letter => letter is not null);
        await host.Client.ReplayAsync(new { keys = new[] { late } });
        await host.Client.StatusAsync(late, "failed");
        using (await host.Client.Http.DeleteAsync("/v1/events-gateway/deduplication-cache")) { }
        await Until.TrueAsync(
            () => host.Client.GetAsync("/v1/events-gateway/processes"),
            all => all.GetProperty("items").EnumerateArray().Any(one => one.Text("state") == "ready"));
        var ready = await Until.TrueAsync(host.Client.ReadinessAsync, ready => ready.Text("status") == "ready");
        ready.GetProperty("checks").EnumerateObject().ShouldAllBe(check => check.Value.GetProperty("healthy").GetBoolean());
    }

    private async Task<BasicGetResult?> DeadLetterAsync()
    {
        await using var connection = await new ConnectionFactory { Uri = _rabbitMq.Url }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        return await channel.BasicGetAsync("gateway.events.dlq.v1", autoAck: true);
    }

    private async Task StartServersAsync()
    {
        _rabbitMq = await RabbitMqServer.StartAsync();
        await _rabbitMq.ImportAsync(_secrets.FileOf("rabbitmq_definitions"));
        // The default user until it is known to run.
        var acl = _secrets.FileOf("redis_acl");
        var users = await File.ReadAllTextAsync(acl);
        await File.WriteAllTextAsync(acl, "user default on nopass ~* &* +@all\n");
        _redis = await RedisServer.StartAsync("--aclfile", acl);
        await File.WriteAllTextAsync(acl, users);
        await _redis.WaitForAsync("ACL LOAD", "+OK");
    }

    /// <summary>The file with the address of the broker, changed to the one of this machine.</summary>
    private string UrlFile()
    {
        var address = new UriBuilder(_secrets.TextOf("rabbitmq_url")) { Host = "127.0.0.1", Port = _rabbitMq.Url.Port };
        File.WriteAllText(_secrets.FileOf("rabbitmq_url"), address.Uri.ToString());
        return _secrets.FileOf("rabbitmq_url");
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(Solution.Root, path));

    [GeneratedRegex(@"actions: \[(?:'(?<action>\w+)'(?:, )?)+\]")]
    private static partial Regex Actions();
}
