using System.Security.Cryptography;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Monitoring;
using Gateway.Shared.Time;
using Gateway.TestSupport;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Tests.Monitoring;

/// <summary>A dropped body is shown to operators.</summary>
public sealed class ConflictTelemetryTests : ILogger<ConflictTelemetry>
{
    private readonly SteppedTime _time = new();
    private readonly List<int> _logged = [];
    private readonly RejectedRequestLog _kept;
    private readonly ConflictTelemetry _conflicts;
    private readonly AcceptedEvent _other = new AcceptedEvents(TimeProvider.System).Next();

    public ConflictTelemetryTests()
    {
        _kept = NullTelemetry.Rejected(_time);
        _conflicts = new ConflictTelemetry(NullTelemetry.Metrics, _kept, _time, this);
    }

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
    public void Twenty_conflicts_per_second_are_kept()
    {
        for (var i = 0; i < 1000; i++) _conflicts.Record(_other);
        _kept.Latest(RejectedRequestLog.Capacity).Count.ShouldBe(20);

        _time.Advance(TimeSpan.FromMilliseconds(50));
        _conflicts.Record(_other);
        _kept.Latest(RejectedRequestLog.Capacity).Count.ShouldBe(21);
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

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => _logged.Add(eventId.Id);
}
