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
    private readonly TcpListener _other = new(IPAddress.Loopback, 0);
    private readonly RabbitMqConnection _connection;

    public RabbitMqConnectionTests()
    {
        _broker.Start();
        _other.Start();
        _connection = To($"amqp://guest:s3cret-of-mine@{NameOf(_broker)}");
    }

    [Fact]
    public void Connection_is_not_opened_before_first_use() => _broker.Pending().ShouldBeFalse();

    [Fact]
    public async Task Silent_broker_times_out_after_twelve_seconds()
    {
        var opening = _connection.OpenAsync();
        using var silent = await _broker.AcceptTcpClientAsync();
        await _time.TimerRunsAsync(TimeSpan.FromSeconds(12));

        _time.Advance(TimeSpan.FromSeconds(12));

        (await Should.ThrowAsync<BackendUnavailableException>(() => opening)).Message
            .ShouldBe($"rabbitmq: no connection to {NameOf(_broker)}: no answer in time");
    }

    [Fact]
    public async Task Node_beside_a_silent_one_is_tried_after_half_a_second()
    {
        await using var connection = To($"amqp://{NameOf(_broker)} amqp://{NameOf(_other)}");
        var opening = connection.OpenAsync();
        List<Task<TcpClient>> dialled = [_broker.AcceptTcpClientAsync(), _other.AcceptTcpClientAsync()];
        var silent = await Task.WhenAny(dialled);
        await _time.TimerRunsAsync(TimeSpan.FromSeconds(0.5));

        _time.Advance(TimeSpan.FromSeconds(0.5));

        dialled.Remove(silent);
        using var first = await silent;
        using var second = await dialled.Single().WaitAsync(Until.Timeout);
        first.Dispose();
        second.Dispose();
        (await Should.ThrowAsync<BackendUnavailableException>(() => opening.WaitAsync(Until.Timeout))).Message
            .ShouldStartWith($"rabbitmq: no connection to {NameOf(_broker)}, {NameOf(_other)}: ");
    }

    [Fact]
    public async Task Node_beside_one_that_refuses_is_tried_at_once()
    {
        _other.Stop();
        await using var connection = To($"amqp://{NameOf(_other)},amqp://{NameOf(_broker)}");

        var opening = connection.OpenAsync();

        (await _broker.AcceptTcpClientAsync().WaitAsync(Until.Timeout)).Dispose();
        await Should.ThrowAsync<BackendUnavailableException>(() => opening.WaitAsync(Until.Timeout));
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
        _other.Dispose();
    }

    private RabbitMqConnection To(string url)
        => new("test", new RabbitMqOptions { Url = url }, _time, NullLogger<RabbitMqConnection>.Instance);

    private static string NameOf(TcpListener node) => node.LocalEndpoint.ToString()!;

    private async Task HangUpAsync() => (await _broker.AcceptTcpClientAsync()).Dispose();
}
