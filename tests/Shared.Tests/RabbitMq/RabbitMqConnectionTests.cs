using System.Net;
using System.Net.Sockets;
using Gateway.Shared.Errors;
using Gateway.Shared.RabbitMq;
using Gateway.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Shared.Tests.RabbitMq;

public sealed class RabbitMqConnectionTests : IAsyncDisposable
{
    private readonly SteppedTime _time = new();
    private readonly TcpListener _broker = new(IPAddress.Loopback, 0);
    private readonly RabbitMqConnection _connection;

    public RabbitMqConnectionTests()
    {
        _broker.Start();
        var url = new Uri($"amqp://guest:s3cret-of-mine@127.0.0.1:{((IPEndPoint)_broker.LocalEndpoint).Port}");
        _connection = new RabbitMqConnection(
            "test", new RabbitMqOptions { Url = url }, _time, NullLogger<RabbitMqConnection>.Instance);
    }

    [Fact]
    public void Connection_is_not_opened_before_first_use() => _broker.Pending().ShouldBeFalse();

    [Fact]
    public async Task Silent_broker_times_out_after_three_seconds()
    {
        var opening = _connection.OpenAsync();
        using var silent = await _broker.AcceptTcpClientAsync();
        await _time.TimerRunsAsync(TimeSpan.FromSeconds(3));

        _time.Advance(TimeSpan.FromSeconds(3));

        (await Should.ThrowAsync<BackendUnavailableException>(() => opening)).Message
            .ShouldBe("rabbitmq: no connection to 127.0.0.1: no answer in time");
    }

    [Fact]
    public async Task Concurrent_callers_share_one_attempt_and_its_failure_for_a_second()
    {
        var asking = Enumerable.Range(0, 5).Select(_ => _connection.OpenAsync()).ToArray();
        await HangUpAsync();
        var fault = await Should.ThrowAsync<BackendUnavailableException>(() => Task.WhenAll(asking));

        (await Should.ThrowAsync<BackendUnavailableException>(() => _connection.OpenAsync())).ShouldBeSameAs(fault);
        _broker.Pending().ShouldBeFalse();
        fault.ToString().ShouldNotContain("s3cret-of-mine");

        _time.Advance(TimeSpan.FromSeconds(1));
        var again = _connection.OpenAsync();
        await HangUpAsync();
        (await Should.ThrowAsync<BackendUnavailableException>(() => again)).ShouldNotBeSameAs(fault);
    }

    [Fact]
    public async Task Closed_connection_is_not_opened_again()
    {
        await _connection.DisposeAsync();

        await Should.ThrowAsync<BackendUnavailableException>(() => _connection.OpenAsync());
        _broker.Pending().ShouldBeFalse();
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _broker.Dispose();
    }

    private async Task HangUpAsync() => (await _broker.AcceptTcpClientAsync()).Dispose();
}
