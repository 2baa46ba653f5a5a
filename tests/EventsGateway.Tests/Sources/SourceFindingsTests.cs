using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Sources;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.EventsGateway.Tests.Sources;

public sealed class SourceFindingsTests
{
    private static readonly SenderHealth NothingKnown = new(null, null, null);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 30, 12, 3, 0, TimeSpan.Zero));
    private readonly SourceActivity _activity;

    public SourceFindingsTests() => _activity = new SourceLedger(_time).Of("aramex");

    [Fact]
    public void Rejections_in_a_row_are_told_with_their_start_reason_and_number()
    {
        Fail(214, RejectionReason.InvalidSignature);
        _time.Advance(TimeSpan.FromHours(1));

        Findings(NothingKnown).ShouldBe(["aramex: rejected since 12:03 UTC, signature does not match (214 requests)"]);
    }

    [Fact]
    public void Two_failures_are_single_requests()
    {
        Fail(2, RejectionReason.InvalidSignature);

        Findings(NothingKnown with { DisablesAfter = 5 }).ShouldBeEmpty();
    }

    [Fact]
    public void Success_clears_the_finding()
    {
        Fail(10, RejectionReason.InvalidSignature);
        _activity.Succeeded(new SourceCounts(Accepted: 1), null);

        Findings(NothingKnown with { DisablesAfter = 11 }).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(4, "aramex will disable us after 3 more failures")]
    [InlineData(6, "aramex will disable us after 1 more failure")]
    [InlineData(7, "aramex has probably disabled us: it does so after 7 failures in a row")]
    public void Limit_of_the_sender_is_told_before_it_is_reached(int failures, string finding)
    {
        Fail(failures, RejectionReason.Unavailable);

        Findings(NothingKnown with { DisablesAfter = 7 })
            .ShouldBe([$"aramex: unavailable since 12:03 UTC, events cannot be stored ({failures} requests)", finding]);
    }

    [Theory]
    [InlineData(61, "aramex silent for 61 min")]
    [InlineData(150, "aramex silent for 2 h")]
    [InlineData(3000, "aramex silent for 2 d")]
    public void Silence_beyond_the_usual_is_told(int minutes, string finding)
    {
        _activity.Succeeded(new SourceCounts(Accepted: 1), null);
        _time.Advance(TimeSpan.FromMinutes(minutes));

        Findings(NothingKnown with { SilenceAfter = TimeSpan.FromHours(1) }).ShouldBe([finding]);
        Findings(NothingKnown).ShouldBeEmpty();
    }

    [Fact]
    public void Open_containers_are_told_and_what_happens_beyond_the_limit()
    {
        _activity.HasContainers(1, 10);
        Findings(NothingKnown).ShouldBe(["aramex: 1 request could not be mapped; correct the mapping, then replay"]);

        _activity.HasContainers(SourceActivity.MaxContainers, 10);
        _activity.IsFull.ShouldBeTrue();
        Findings(NothingKnown).ShouldBe([
            "aramex: 10,000 requests could not be mapped; correct the mapping, then replay; "
            + "until then further ones are answered 503",
        ]);

        _activity.HasContainers(1, SourceActivity.MaxContainerBytes);
        _activity.IsFull.ShouldBeTrue();
    }

    [Fact]
    public void Bound_of_an_hour_is_told_where_open_containers_are_unknown()
    {
        _activity.Kept(SourceActivity.MaxContainerBytes);

        Findings(NothingKnown).ShouldBe([
            "aramex: too many requests of the last hour could not be mapped; correct the mapping; "
            + "until then this process answers further ones 503",
        ]);
    }

    private void Fail(int times, string reason)
    {
        for (var i = 0; i < times; i++) _activity.Failed(reason);
    }

    private string[] Findings(SenderHealth health)
        => [.. SourceFindings.Of("aramex", health, _activity.Read(), _time.GetUtcNow()).Select(finding => finding.Text)];
}
