using System.Security.Cryptography;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Tests.Contracts;
using Gateway.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.EventsGateway.Tests.Monitoring;

/// <summary>A dropped body is shown to operators, and hides nobody's refusal.</summary>
public sealed class ConflictsTests
{
    private readonly SteppedTime _time = new();
    private readonly RejectedRequestLog _kept = new();
    private readonly Conflicts _conflicts;
    private readonly AcceptedEvent _other = new AcceptedEvents(TimeProvider.System).Next();

    public ConflictsTests() => _conflicts = new Conflicts(NullTelemetry.Metrics, _kept, _time, NullLogger<Conflicts>.Instance);

    [Fact]
    public void A_conflict_names_the_event_and_the_body_that_was_dropped()
    {
        _conflicts.Add(_other);

        var kept = _kept.Latest(10).ShouldHaveSingleItem();
        (kept.Status, kept.Reason, kept.Message).ShouldBe((202, "conflict", "accepted"));
        (kept.ShippingCompanyId, kept.EventId, kept.At).ShouldBe((_other.Key.ShippingCompanyId, _other.Key.EventId, _other.ReceivedAt));
        (kept.BodyBytes, kept.BodySha256).ShouldBe((_other.Body.Length, Convert.ToHexStringLower(SHA256.HashData(_other.Body))));
        kept.Hint.ShouldBe("an event with this id was accepted before with another body, which stays; a correction needs an event id of its own");
        (kept.RemoteAddress, kept.HeaderNames, kept.ContentType).ShouldBe((null, null, null));
    }

    [Fact]
    public void Of_a_flood_ten_a_second_are_kept()
    {
        for (var i = 0; i < 1000; i++) _conflicts.Add(_other);
        _kept.Latest(RejectedRequestLog.Kept).Count.ShouldBe(10);

        _time.Advance(TimeSpan.FromMilliseconds(100));
        _conflicts.Add(_other);
        _kept.Latest(RejectedRequestLog.Kept).Count.ShouldBe(11);
    }

    [Fact]
    public void Conflicts_take_a_quarter_of_the_places_and_push_out_each_other()
    {
        for (var i = 0; i < RejectedRequestLog.Kept; i++) _kept.Add(Refused($"refusal {i}"));
        for (var i = 0; i < 500; i++, _time.Advance(TimeSpan.FromSeconds(1))) _conflicts.Add(_other with { ReceivedAt = DateTimeOffset.UnixEpoch.AddSeconds(i) });

        var latest = _kept.Latest(RejectedRequestLog.Kept);

        latest.Count.ShouldBe(RejectedRequestLog.Kept);
        latest.Take(RejectedRequestLog.KeptConflicts).Select(kept => kept.At.ToUnixTimeSeconds()).ShouldBe(Enumerable.Range(450, 50).Reverse().Select(second => (long)second));
        latest.Skip(RejectedRequestLog.KeptConflicts).Select(kept => kept.Message).ShouldBe(Enumerable.Range(50, 150).Reverse().Select(i => $"refusal {i}"));
    }

    [Fact]
    public void A_refusal_pushes_out_the_oldest_whatever_it_is()
    {
        _conflicts.Add(_other);
        for (var i = 0; i < RejectedRequestLog.Kept; i++) _kept.Add(Refused($"refusal {i}"));

        _kept.Latest(RejectedRequestLog.Kept).ShouldAllBe(kept => kept.Reason == RejectionReason.TooLarge);
    }

    private static RejectedRequest Refused(string message)
        => new() { At = DateTimeOffset.UnixEpoch, Status = 413, Reason = RejectionReason.TooLarge, Message = message };
}
