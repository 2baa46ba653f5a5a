using Gateway.EventsGateway.Queue.RabbitMq;
using Gateway.Shared.RabbitMq;
using Gateway.TestSupport;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.EventsGateway.Tests.Queue.RabbitMq;

public sealed class PrefetchBufferTests
{
    [Fact]
    public void Oldest_delivery_says_whether_the_buffer_holds_too_long()
    {
        var time = new FakeTimeProvider();
        var buffer = new PrefetchBuffer(time);
        buffer.HoldsTooLong.ShouldBeFalse();
        buffer.Writer.TryWrite(new RabbitMqDelivery(null!, 1, [], time.GetTimestamp()));
        time.Advance(PrefetchBuffer.LongestWait);
        buffer.Writer.TryWrite(new RabbitMqDelivery(null!, 2, [], time.GetTimestamp()));
        buffer.HoldsTooLong.ShouldBeFalse();

        time.Advance(TimeSpan.FromMilliseconds(1));

        buffer.HoldsTooLong.ShouldBeTrue();
        buffer.Reader.TryRead(out _);
        buffer.HoldsTooLong.ShouldBeFalse();
    }

    [Fact]
    public async Task Group_begins_at_once_or_20_ms_after_the_one_before()
    {
        var (time, interval) = (new SteppedTime(), TimeSpan.FromMilliseconds(20));
        var buffer = new PrefetchBuffer(time);
        buffer.Writer.TryWrite(new RabbitMqDelivery(null!, 1, [], time.GetTimestamp()));
        (await buffer.WaitAsync(CancellationToken.None).WaitAsync(SteppedTime.Timeout)).ShouldBeTrue();

        time.Advance(interval / 4);
        var next = buffer.WaitAsync(CancellationToken.None);
        await time.TimerRunsAsync(interval * 3 / 4);
        next.IsCompleted.ShouldBeFalse();
        time.Advance(interval * 3 / 4);
        (await next.WaitAsync(SteppedTime.Timeout)).ShouldBeTrue();

        time.Advance(interval);
        (await buffer.WaitAsync(CancellationToken.None).WaitAsync(SteppedTime.Timeout)).ShouldBeTrue();
    }

    [Fact]
    public async Task Stop_ends_the_wait_for_the_next_group()
    {
        using var stop = new CancellationTokenSource();
        var time = new SteppedTime();
        var buffer = new PrefetchBuffer(time);
        buffer.Writer.TryWrite(new RabbitMqDelivery(null!, 1, [], time.GetTimestamp()));
        await buffer.WaitAsync(stop.Token);

        var next = buffer.WaitAsync(stop.Token);
        await stop.CancelAsync();

        (await next.WaitAsync(SteppedTime.Timeout)).ShouldBeFalse();
    }
}
