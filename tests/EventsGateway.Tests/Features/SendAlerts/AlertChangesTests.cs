using Gateway.EventsGateway.Features.SendAlerts;
using Gateway.EventsGateway.Findings;
using Gateway.EventsGateway.Tests.Findings;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Tests.Features.SendAlerts;

public sealed class AlertChangesTests
{
    private static readonly DateTimeOffset Start = SomeFigures.Now;

    private readonly AlertChanges _changes = new(SomeFigures.Rules);

    [Fact]
    public void Finding_is_announced_once_after_the_time_of_its_alert()
    {
        Next(119, Lag).ShouldBeEmpty();
        Next(120, Lag).ShouldBe(["began lag"]);
        Next(121, Lag).ShouldBeEmpty();
        Next(4000, Lag).ShouldBeEmpty();
    }

    [Fact]
    public void End_is_announced_once_after_a_minute()
    {
        Next(120, Lag);

        Next(121).ShouldBeEmpty();
        Next(180).ShouldBeEmpty();
        Next(181).ShouldBe(["ended lag"]);
        Next(300).ShouldBeEmpty();
    }

    [Fact]
    public void Finding_that_comes_back_within_the_minute_has_not_ended()
    {
        Next(120, Lag);
        Next(121).ShouldBeEmpty();

        Next(150, Lag with { Since = IsoTime.Text(Start.AddSeconds(150)) }).ShouldBeEmpty();
        Next(181, Lag).ShouldBeEmpty();
    }

    [Fact]
    public void Finding_that_was_not_announced_ends_without_a_message()
    {
        Next(100, Lag).ShouldBeEmpty();
        Next(101).ShouldBeEmpty();
        Next(200).ShouldBeEmpty();
    }

    [Fact]
    public void Finding_that_becomes_critical_is_announced_again()
    {
        Next(120, Lag).ShouldBe(["began lag"]);
        Next(130, Lag with { Severity = "critical" }).ShouldBe(["began lag"]);
        Next(140, Lag).ShouldBeEmpty();
        Next(150, Lag with { Severity = "critical" }).ShouldBeEmpty("a severity that comes and goes is one message");
    }

    [Fact]
    public void Start_of_a_process_is_not_announced()
        => Next(4000, Lag with { Id = "starting" }).ShouldBeEmpty();

    [Fact]
    public void Next_sender_goes_on_where_the_last_one_has_stopped()
    {
        Next(120, Lag);
        var next = new AlertChanges(SomeFigures.Rules);

        next.Adopt(_changes.Known);

        next.Next(StatusOf(Lag), Start.AddSeconds(130)).ShouldBeEmpty();
        next.Next(StatusOf(), Start.AddSeconds(140)).ShouldBeEmpty();
        next.Next(StatusOf(), Start.AddSeconds(200)).Select(Text).ShouldBe(["ended lag"]);
    }

    [Fact]
    public void Same_change_has_the_same_id_and_another_one_another()
    {
        AlertMessage Of(FindingDto finding, bool hasEnded, int second)
            => new(finding, hasEnded, Start.AddSeconds(second), "attention");

        Of(Lag, false, 1).Id.ShouldBe(Of(Lag with { Text = "other words" }, false, 9).Id);
        Of(Lag, true, 1).Id.ShouldNotBe(Of(Lag, false, 1).Id);
        Of(Lag with { Source = "dhl" }, false, 1).Id.ShouldNotBe(Of(Lag, false, 1).Id);
    }

    private static FindingDto Lag => new("lag", "warning", IsoTime.Text(Start), null, null, "text", "advice", null);

    private static StatusDto StatusOf(params FindingDto[] findings) => StatusDto.Of(findings);

    private static string Text(AlertMessage message) => $"{(message.HasEnded ? "ended" : "began")} {message.Finding.Id}";

    private IEnumerable<string> Next(int second, params FindingDto[] findings)
        => _changes.Next(StatusOf(findings), Start.AddSeconds(second)).Select(Text);
}
