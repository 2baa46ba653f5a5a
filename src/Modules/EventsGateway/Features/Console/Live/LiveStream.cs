using System.Net.ServerSentEvents;
using System.Threading.Channels;
using MediatR;

namespace Gateway.EventsGateway.Features.Console.Live;

/// <param name="IsStillIn">False once the operator has logged out or the key is gone.</param>
internal sealed record OpenLiveCommand(Func<bool> IsStillIn) : IRequest<LiveStream?>;

internal sealed class OpenLiveHandler(LiveFeed feed) : IRequestHandler<OpenLiveCommand, LiveStream?>
{
    public Task<LiveStream?> Handle(OpenLiveCommand request, CancellationToken cancellationToken)
        => feed.OpenAsync(request.IsStillIn);
}

/// <summary>One open console. A console that is five seconds behind is disconnected.</summary>
internal sealed class LiveStream(Action<LiveStream> closed, Func<bool> isStillIn, TimeProvider time) : IDisposable
{
    private const int MaxBehind = 5;

    /// <summary>Then the console must reconnect, so that an expired login takes effect.</summary>
    private static readonly TimeSpan MaxDuration = TimeSpan.FromHours(1);

    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(1);

    private readonly Channel<SseItem<string>> _items = Channel.CreateBounded<SseItem<string>>(
        new BoundedChannelOptions(MaxBehind) { SingleReader = true });
    private readonly CancellationTokenSource _lost = new();
    private readonly long _openedAt = time.GetTimestamp();
    private bool _hasEnded;

    /// <summary>Cancelled when the console does not keep up: its connection must be closed.</summary>
    public CancellationToken Lost => _lost.Token;

    public IAsyncEnumerable<SseItem<string>> ReadAsync(CancellationToken cancellationToken)
        => _items.Reader.ReadAllAsync(cancellationToken);

    public void Send(string type, string data)
    {
        if (_hasEnded) return;
        if (!isStillIn()) End();
        else if (!_items.Writer.TryWrite(new SseItem<string>(data, type))) _ = _lost.CancelAsync();
        else if (time.GetElapsedTime(_openedAt) > MaxDuration) End();
    }

    /// <summary>Ends the stream after the items that were sent; after a grace period the connection is closed.</summary>
    public void End()
    {
        _hasEnded = true;
        _items.Writer.TryComplete();
        _lost.CancelAfter(GracePeriod);
    }

    public void Dispose()
    {
        closed(this);
        _lost.Dispose();
    }
}
