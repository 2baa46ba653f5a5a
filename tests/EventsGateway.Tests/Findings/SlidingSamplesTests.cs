using Gateway.EventsGateway.Findings;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Sources;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.EventsGateway.Tests.Findings;

/// <summary>What the figures of a moment are compared with.</summary>
public sealed class SlidingSamplesTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Sample_of_an_age_is_the_newest_that_is_so_old_else_the_oldest()
    {
        var samples = new SlidingSamples<int>(Second, 10 * Second, _time);

        Add(samples, 5);
        samples.Before(3 * Second).ShouldBe(1);
        samples.Before(60 * Second).ShouldBe(0);
        samples.AgeOf(60 * Second).ShouldBe(4 * Second);

        Add(samples, 30, from: 5);
        samples.Before(10 * Second).ShouldBe(19);
        samples.Before(60 * Second).ShouldBe(19, "older ones are not kept");
    }

    [Fact]
    public void Sample_within_the_step_is_left_out()
    {
        var samples = new SlidingSamples<int>(10 * Second, 60 * Second, _time);

        Add(samples, 21);

        samples.All.ShouldBe([0, 9, 18]);
    }

    [Fact]
    public void Latency_is_that_of_the_last_minute()
    {
        var buckets = new LatencyBuckets();
        var window = new LatencyWindow(buckets, _time);
        window.Next(0.99).ShouldBeNull();
        for (var i = 0; i < 100; i++) buckets.Add(2);

        var slow = window.Next(0.99).ShouldNotBeNull();
        for (var second = 0; second < 70; second++) Step(() => window.Next(0.99));

        slow.TotalSeconds.ShouldBe(2, tolerance: 0.1);
        window.Next(0.99).ShouldBeNull("nothing came within the last minute");
        buckets.Add(0.01);
        window.Next(0.99)!.Value.TotalSeconds.ShouldBe(0.01, tolerance: 0.001);
    }

    [Fact]
    public void Traffic_of_a_source_is_that_of_five_minutes_and_the_usual_one_that_of_the_day_before()
    {
        var ledger = new SourceLedger(_time);
        var reader = new SourceFigureReader(new(SourceTable.Empty), ledger, _time);
        var gateway = ledger.Of("gateway");
        for (var minute = 0; minute < 120; minute++)
        {
            gateway.Succeeded(new SourceCounts(Accepted: 9, Duplicates: 1), null);
            Read(reader);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Read(reader);
        for (var i = 0; i < 10; i++) gateway.Failed(RejectionReason.InvalidSignature);
        gateway.Failed(RejectionReason.Unavailable);
        var source = Read(reader);

        source.Recent.Rejected.ShouldBe(new Dictionary<string, long> { [RejectionReason.InvalidSignature] = 10 });
        (source.Recent.Accepted, source.Recent.Duplicates).ShouldBe((36, 4));
        source.Recent.RejectedShare(RejectionReason.InvalidSignature).ShouldBe(0.2);
        source.Usual.RejectedShare(RejectionReason.InvalidSignature).ShouldBe(0);
        source.Usual.DuplicateShare.ShouldBe(0.1);
        source.Usual.Total.ShouldBe(1150, "since the first reading, without the last five minutes");
        source.Known.Single().Id.ShouldBe("source-fails");
    }

    private static SourceFigures Read(SourceFigureReader reader) => reader.Read().Single();

    private void Add(SlidingSamples<int> samples, int until, int from = 0)
    {
        for (var i = from; i < until; i++)
        {
            if (i > 0) _time.Advance(Second);
            samples.Add(() => i);
        }
    }

    private void Step(Action read)
    {
        _time.Advance(Second);
        read();
    }
}
