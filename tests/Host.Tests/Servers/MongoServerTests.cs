using Gateway.TestSupport.Servers;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.Host.Tests.Servers;

public sealed class MongoServerTests
{
    [Fact]
    public async Task Shared_server_answers_and_is_started_once()
    {
        var server = await MongoServer.SharedAsync();

        await PingAsync(server);
        (await MongoServer.SharedAsync()).ShouldBeSameAs(server);
    }

    [Fact]
    public async Task Uri_names_the_database()
        => MongoUrl.Create((await MongoServer.SharedAsync()).UriOf("drill")).DatabaseName.ShouldBe("drill");

    [Fact]
    public async Task Server_keeps_its_data_through_pause_and_kill_and_leaves_no_process()
    {
        var server = await MongoServer.StartAsync();
        var ids = server.ProcessIds;
        await using (server)
        {
            var (uri, document) = (server.Uri, new BsonDocument("_id", "drill"));
            await Drill(server).InsertOneAsync(document);

            server.Pause();
            ids = [.. ids.Union(server.ProcessIds)];
            var paused = PingAsync(server);
            server.ProcessIds.ShouldAllBe(id => Processes.IsStopped(id));
            server.Resume();
            await paused;

            await server.KillAsync();
            ids.ShouldAllBe(id => !Processes.IsRunning(id));
            await server.StartAgainAsync();

            server.Uri.ShouldBe(uri);
            (await Drill(server).Find(new BsonDocument()).SingleAsync()).ShouldBe(document);
            ids = server.ProcessIds;
        }

        ids.ShouldNotBeEmpty();
        ids.ShouldAllBe(id => !Processes.IsRunning(id));
    }

    private static Task<BsonDocument> PingAsync(MongoServer server)
        => Drill(server).Database.RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1));

    private static IMongoCollection<BsonDocument> Drill(MongoServer server)
        => new MongoClient(server.Uri).GetDatabase("drill").GetCollection<BsonDocument>("drill");
}
