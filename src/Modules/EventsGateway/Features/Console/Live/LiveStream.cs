using System.Net.ServerSentEvents;
using System.Threading.Channels;
using MediatR;

namespace Gateway.EventsGateway.Features.Console.Live;

internal sealed record OpenLiveCommand : IRequest<LiveStream?>;

internal sealed class OpenLiveHandler(LiveFeed feed) : IRequestHandler<OpenLiveCommand, LiveStream?>
{
    public Task<LiveStream?> Handle(OpenLiveCommand request, CancellationToken cancellationToken) => feed.OpenAsync();
}

/// <summary>One open console. It must take what it is sent: five seconds behind, and it is dropped.</summary>
internal sealed class LiveStream(Action<LiveStream> closed, TimeProvider time) : IDisposable
{
    private const int MostBehind = 5;

    /// <summary>Then it has to ask anew, so that a login which has ended is noticed.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(1);

    private readonly Channel<SseItem<string>> _items = Channel.CreateBounded<SseItem<string>>(new BoundedChannelOptions(MostBehind) { SingleReader = true });
    private readonly CancellationTokenSource _lost = new();
    private readonly long _openedAt = time.GetTimestamp();
    private bool _hasEnded;

    /// <summary>Nothing more gets through to it: its connection is to be cut.</summary>
    public CancellationToken Lost => _lost.Token;

    public IAsyncEnumerable<SseItem<string>> ReadAsync(CancellationToken cancellationToken) => _items.Reader.ReadAllAsync(cancellationToken);

    public void Send(string type, string data)
    {
        if (_hasEnded) return;
        if (!_items.Writer.TryWrite(new SseItem<string>(data, type))) _ = _lost.CancelAsync();
        else if (time.GetElapsedTime(_openedAt) > Longest) End();
    }

    /// <summary>After what was sent. Who does not take even that is cut off.</summary>
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
