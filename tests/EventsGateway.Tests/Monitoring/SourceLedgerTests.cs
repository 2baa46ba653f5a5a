using Gateway.EventsGateway.Monitoring;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.EventsGateway.Tests.Monitoring;

public sealed class SourceLedgerTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 30, 12, 3, 0, TimeSpan.Zero));
    private readonly SourceActivity _activity;

    public SourceLedgerTests() => _activity = new SourceLedger(_time).Of("dhl");

    [Fact]
    public void Success_ends_the_failures_in_a_row()
    {
        _activity.Failed(RejectionReason.InvalidSignature);
        _time.Advance(TimeSpan.FromMinutes(1));
        _activity.Failed(RejectionReason.InvalidSignature);
        var failing = _activity.Read();
        _activity.Succeeded(new SourceCounts(Accepted: 1), "2026");
        var working = _activity.Read();

        (failing.FailuresInARow, failing.FailingSince).ShouldBe((2, _time.GetUtcNow() - TimeSpan.FromMinutes(1)));
        failing.LastFailure.ShouldBe(RejectionReason.InvalidSignature);
        (working.FailuresInARow, working.FailingSince, working.LastFailure).ShouldBe((0, null, null));
        working.Rejected[RejectionReason.InvalidSignature].ShouldBe(2);
        working.LastRequestAt.ShouldBe(_time.GetUtcNow());
    }

    [Fact]
    public void Secrets_are_counted_with_their_last_use()
    {
        _activity.Succeeded(new SourceCounts(Accepted: 1), "old");
        _time.Advance(TimeSpan.FromMinutes(5));
        _activity.Succeeded(new SourceCounts(Duplicates: 1), "new");
        _activity.Succeeded(new SourceCounts(Skipped: 1), "new");

        var record = _activity.Read();

        record.Secrets["old"].ShouldBe(new SecretUse(1, _time.GetUtcNow() - TimeSpan.FromMinutes(5)));
        record.Secrets["new"].ShouldBe(new SecretUse(2, _time.GetUtcNow()));
        record.Counts.ShouldBe(new SourceCounts(Accepted: 1, Duplicates: 1, Skipped: 1));
    }

    [Fact]
    public void Minutes_move_on_and_forget_what_is_older_than_an_hour()
    {
        _activity.Succeeded(new SourceCounts(Accepted: 3), null);
        _activity.Failed(RejectionReason.TooLarge);
        _time.Advance(TimeSpan.FromMinutes(2));
        _activity.Succeeded(new SourceCounts(Accepted: 1), null);
        var soon = _activity.Read();
        _time.Advance(TimeSpan.FromMinutes(MinuteCounts.Minutes - 1));
        var later = _activity.Read();

        soon.AcceptedByMinute.Count.ShouldBe(MinuteCounts.Minutes);
        soon.AcceptedByMinute.TakeLast(3).ShouldBe([3, 0, 1]);
        soon.RejectedByMinute.TakeLast(3).ShouldBe([1, 0, 0]);
        (later.AcceptedByMinute[0], later.AcceptedByMinute.Sum()).ShouldBe((1, 1));
    }

    [Fact]
    public void Containers_of_an_hour_are_bounded_while_those_of_the_store_are_unknown()
    {
        for (var i = 1; i < SourceActivity.MaxContainers; i++) _activity.Kept(1);
        _activity.IsFull.ShouldBeFalse();
        _activity.Kept(1);
        _activity.IsFull.ShouldBeTrue();
        _activity.Read().IsFull.ShouldBeTrue();

        _time.Advance(TimeSpan.FromMinutes(MinuteCounts.Minutes));
        _activity.IsFull.ShouldBeFalse();
        _activity.Kept(SourceActivity.MaxContainerBytes);
        _activity.IsFull.ShouldBeTrue();

        _activity.HasContainers(1, 1);
        _activity.IsFull.ShouldBeFalse();
        for (var i = 1; i < SourceActivity.MaxContainers; i++) _activity.Kept(1);
        _activity.IsFull.ShouldBeTrue("added since the store was read");
        _activity.HasContainers(1, 1);
        _activity.IsFull.ShouldBeFalse();
    }

    [Fact]
    public void Handshake_is_no_sign_of_life()
    {
        _activity.Failed(RejectionReason.MissingSignature);
        _activity.AnsweredHandshake();

        var record = _activity.Read();

        record.LastRequestAt.ShouldBeNull();
        record.FailuresInARow.ShouldBe(1);
        record.Counts.Handshakes.ShouldBe(1);
    }

    [Fact]
    public void Unknown_types_are_kept_up_to_a_limit()
    {
        for (var i = 0; i <= SourceActivity.MaxUnknownTypes; i++) _activity.OfUnknownType($"type-{i}");
        _activity.OfUnknownType("type-0");

        var types = _activity.Read().UnknownTypes;

        types.Count.ShouldBe(SourceActivity.MaxUnknownTypes);
        types["type-0"].ShouldBe(2);
    }
}
