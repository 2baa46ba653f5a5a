using Gateway.EventsGateway.Queue.RabbitMq;
using Gateway.Shared.RabbitMq;
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
}
