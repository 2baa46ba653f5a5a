using Gateway.Shared.Errors;
using Gateway.Shared.Idempotency;
using Gateway.Shared.Redis;
using Gateway.TestSupport.Servers;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Gateway.Shared.Tests.Redis;

public sealed class ProcessBoardTests : IAsyncLifetime
{
    private readonly string _prefix = $"t{Guid.NewGuid():N}";
    private RedisServer _server = null!;
    private RedisConnection _connection = null!;
    private ProcessBoard _board = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RedisServer.SharedAsync();
        _connection = new RedisConnection(new OptionsWrapper<RedisOptions>(new RedisOptions
        {
            Host = _server.Host, Port = _server.Port, Password = _server.Password,
        }));
        _board = new ProcessBoard(
            _connection, new OptionsWrapper<IdempotencyOptions>(new IdempotencyOptions { KeyPrefix = $"{_prefix}:" }),
            TimeProvider.System);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    [Fact]
    public async Task Latest_text_of_each_process_is_read()
    {
        await _board.WriteAsync("topic", "a", "first");
        await _board.WriteAsync("topic", "b", "{\"text\": \"with blanks\"}");
        await _board.WriteAsync("other", "a", "elsewhere");
        await _board.WriteAsync("topic", "a", "second");

        var notes = await _board.ReadAsync("topic");

        notes.OrderBy(note => note.Process).Select(note => (note.Process, note.Text))
            .ShouldBe([("a", "second"), ("b", "{\"text\": \"with blanks\"}")]);
        notes.ShouldAllBe(note => note.Age >= TimeSpan.Zero && note.Age < TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Text_of_more_than_a_day_ago_is_removed_and_the_key_expires()
    {
        await _board.WriteAsync("topic", "new", "text");
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{_server.Endpoint}");
        var written = DateTimeOffset.UtcNow.AddDays(-1).AddMinutes(-1).ToUnixTimeSeconds();
        await redis.GetDatabase().HashSetAsync(
            $"{_prefix}-topic", [new HashEntry("old", $"{written} text"), new HashEntry("torn", "text")]);

        (await _board.ReadAsync("topic")).Select(note => note.Process).ShouldBe(["new"]);

        (await redis.GetDatabase().HashExistsAsync($"{_prefix}-topic", "old")).ShouldBeFalse();
        (await redis.GetDatabase().KeyTimeToLiveAsync($"{_prefix}-topic")).ShouldNotBeNull();
    }

    [Fact]
    public async Task Fault_of_Redis_is_reported()
    {
        await _connection.OpenAsync();
        await _connection.DisposeAsync();

        await Should.ThrowAsync<BackendUnavailableException>(() => _board.WriteAsync("topic", "a", "text"));
        await Should.ThrowAsync<BackendUnavailableException>(() => _board.ReadAsync("topic"));
    }
}
