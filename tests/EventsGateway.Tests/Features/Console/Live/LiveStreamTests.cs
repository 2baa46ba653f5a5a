using Gateway.EventsGateway.Features.Console.Live;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.Console.Live;

public sealed class LiveStreamTests : IDisposable
{
    private readonly SteppedTime _time = new();
    private readonly List<LiveStream> _closed = [];
    private readonly LiveStream _stream;
    private bool _isStillIn = true;

    public LiveStreamTests() => _stream = new LiveStream(_closed.Add, () => _isStillIn, _time);

    public void Dispose() => _stream.Dispose();

    [Fact]
    public async Task Items_sent_before_the_end_still_arrive()
    {
        _stream.Send("history", "a");
        _stream.Send("live", "b");
        _stream.End();
        _stream.Send("live", "c");

        var read = await _stream.ReadAsync(CancellationToken.None).Select(item => $"{item.EventType} {item.Data}").ToListAsync();

        read.ShouldBe(["history a", "live b"]);
        _stream.Lost.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task Stream_that_is_not_read_is_lost()
    {
        for (var i = 0; i < 5; i++) _stream.Send("live", "a");
        _stream.Lost.IsCancellationRequested.ShouldBeFalse();

        _stream.Send("live", "a");

        await Until.TrueAsync(() => _stream.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Stream_ends_after_an_hour()
    {
        _time.Advance(TimeSpan.FromHours(1) + TimeSpan.FromTicks(1));
        _stream.Send("live", "a");

        (await _stream.ReadAsync(CancellationToken.None).CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Stream_ends_once_the_operator_has_logged_out()
    {
        _stream.Send("live", "a");
        _isStillIn = false;
        _stream.Send("live", "b");

        (await _stream.ReadAsync(CancellationToken.None).Select(item => item.Data).ToListAsync()).ShouldBe(["a"]);
    }

    [Fact]
    public void Disposed_stream_reports_its_end()
    {
        _stream.Dispose();

        _closed.ShouldBe([_stream]);
    }
}
