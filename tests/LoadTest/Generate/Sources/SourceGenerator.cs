using Gateway.EventsGateway.Sources.Samples;
using Gateway.EventsGateway.Sources.Verification;
using Gateway.LoadTest.Generate.Events;
using Gateway.LoadTest.Measure.Accounting;

namespace Gateway.LoadTest.Generate.Sources;

/// <summary>Writes the requests of a configured source from one of its samples.</summary>
internal sealed class SourceGenerator : IRequestGenerator
{
    private readonly NewEvents _events;
    private readonly SourceSecret _secret;
    private readonly SourceIds _ids;
    private readonly Uri _gateway;
    private readonly TimeProvider _time;
    private SourceRequest _request;
    private long _signedAt;

    public SourceGenerator(NewEvents events, SourceSecret secret, SourceIds ids, Uri gateway, TimeProvider time)
    {
        (_events, _secret, _ids, _gateway, _time) = (events, secret, ids, gateway, time);
        _request = Signed();
    }

    public int MaxLength => _request.Length;

    public int EventCount => _events.Count;

    public int AcceptedStatus => _events.Source.Answer.Status;

    public ISentEvents Sent => _ids;

    public IRequestWriter NewWriter() => new Writer(this);

    /// <summary>With a new time before the gateway would find the old one stale; the length stays.</summary>
    private SourceRequest Request()
    {
        if (_events.Source.Verify.Timestamp is { } timestamp
            && _time.GetElapsedTime(Volatile.Read(ref _signedAt)) > timestamp.Tolerance / 2)
        {
            Volatile.Write(ref _request, Signed());
        }

        return Volatile.Read(ref _request);
    }

    private SourceRequest Signed()
    {
        Volatile.Write(ref _signedAt, _time.GetTimestamp());
        var signed = SampleSigner.Sign(_events.Source, _events.Of(0), _secret, _time.GetUtcNow())!;
        return new SourceRequest(signed, _gateway, _ids.Run);
    }

    private sealed class Writer(SourceGenerator source) : IRequestWriter
    {
        private readonly byte[] _content = new byte[source._request.ContentLength];

        public int Write(long number, Span<byte> destination)
            => source.Request().Write(number, destination, _content, source._events.Source.Verify, source._secret);

        public void Dispose()
        {
        }
    }
}
