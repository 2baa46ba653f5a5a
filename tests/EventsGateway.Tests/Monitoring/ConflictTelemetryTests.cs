using System.Security.Cryptography;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Monitoring;
using Gateway.Shared.Time;
using Gateway.TestSupport;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Tests.Monitoring;

/// <summary>A dropped body is shown to operators and does not displace rejected requests.</summary>
public sealed class ConflictTelemetryTests : ILogger<ConflictTelemetry>
{
    private readonly SteppedTime _time = new();
    private readonly List<int> _logged = [];
    private readonly RejectedRequestLog _kept = new();
    private readonly ConflictTelemetry _conflicts;
    private readonly AcceptedEvent _other = new AcceptedEvents(TimeProvider.System).Next();

    public ConflictTelemetryTests() => _conflicts = new ConflictTelemetry(NullTelemetry.Metrics, _kept, _time, this);

    [Fact]
    public void Conflict_record_names_the_event_and_the_dropped_body()
    {
        _conflicts.Record(_other);

        var kept = _kept.Latest(10).ShouldHaveSingleItem();
        (kept.Status, kept.Reason, kept.Message).ShouldBe((202, "conflict", "accepted"));
        (kept.ShippingCompanyId, kept.EventId, kept.At)
            .ShouldBe((_other.Key.ShippingCompanyId, _other.Key.EventId, IsoTime.Text(_other.ReceivedAt)));
        (kept.BodyBytes, kept.BodySha256).ShouldBe((_other.Body.Length, Convert.ToHexStringLower(SHA256.HashData(_other.Body))));
        kept.Hint.ShouldBe(
            "an event with this id was accepted before with another body, which stays; "
            + "a correction needs an event id of its own");
        (kept.RemoteAddress, kept.HeaderNames, kept.ContentType).ShouldBe((null, null, null));
    }

    [Fact]
    public void Ten_conflicts_per_second_are_kept()
    {
        for (var i = 0; i < 1000; i++) _conflicts.Record(_other);
        _kept.Latest(RejectedRequestLog.Capacity).Count.ShouldBe(10);

        _time.Advance(TimeSpan.FromMilliseconds(100));
        _conflicts.Record(_other);
        _kept.Latest(RejectedRequestLog.Capacity).Count.ShouldBe(11);
    }

    [Fact]
    public void One_conflict_per_second_is_logged()
    {
        for (var i = 0; i < 3; i++) _conflicts.Record(_other);
        _logged.ShouldBe([203]);

        _time.Advance(TimeSpan.FromSeconds(1));
        _conflicts.Record(_other);
        _logged.ShouldBe([203, 203]);
    }

    [Fact]
    public void Conflicts_take_a_quarter_of_the_capacity_and_displace_each_other()
    {
        for (var i = 0; i < RejectedRequestLog.Capacity; i++) _kept.Add(Rejected($"rejection {i}"));
        for (var i = 0; i < 500; i++, _time.Advance(TimeSpan.FromSeconds(1)))
            _conflicts.Record(_other with { ReceivedAt = At(i) });

        var latest = _kept.Latest(RejectedRequestLog.Capacity);

        latest.Count.ShouldBe(RejectedRequestLog.Capacity);
        latest.Take(RejectedRequestLog.ConflictCapacity).Select(kept => kept.At)
            .ShouldBe(Enumerable.Range(450, 50).Reverse().Select(second => IsoTime.Text(At(second))));
        latest.Skip(RejectedRequestLog.ConflictCapacity).Select(kept => kept.Message)
            .ShouldBe(Enumerable.Range(50, 150).Reverse().Select(i => $"rejection {i}"));
    }

    [Fact]
    public void Rejected_request_displaces_the_oldest_record()
    {
        _conflicts.Record(_other);
        for (var i = 0; i < RejectedRequestLog.Capacity; i++) _kept.Add(Rejected($"rejection {i}"));

        _kept.Latest(RejectedRequestLog.Capacity).ShouldAllBe(kept => kept.Reason == RejectionReason.TooLarge);
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => _logged.Add(eventId.Id);

    private static DateTimeOffset At(int second) => DateTimeOffset.UnixEpoch.AddSeconds(second);

    private static RejectedRequest Rejected(string message)
        => new()
        {
            At = IsoTime.Text(At(0)), RequestId = "r-1", Status = 413, Reason = RejectionReason.TooLarge, Message = message,
        };
}
