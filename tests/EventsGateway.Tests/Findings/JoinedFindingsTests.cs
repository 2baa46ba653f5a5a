using Gateway.EventsGateway.Findings;
using static Gateway.EventsGateway.Tests.Findings.SomeFigures;

namespace Gateway.EventsGateway.Tests.Findings;

/// <summary>What several processes say together.</summary>
public sealed class JoinedFindingsTests
{
    [Fact]
    public void Finding_of_several_processes_counts_once_since_the_first_of_them()
    {
        var joined = Of(Note("a", Finding("lag", "12:05")), Note("b", Finding("lag", "12:03")));

        joined.ShouldHaveSingleItem().Since.ShouldBe("12:03");
    }

    [Fact]
    public void Finding_of_another_process_names_it()
        => Of(Note("a"), Note("7 on b", Finding("circuit-open", "12:03"))).ShouldHaveSingleItem()
            .Text.ShouldBe("Process 7 on b: text");

    [Theory]
    [InlineData("source-silent")]
    [InlineData("source-fails")]
    public void Source_is_silent_only_where_every_ingest_process_says_so(string id)
    {
        var found = Finding(id, "12:03") with { Source = "aramex" };

        Of(Note("a", found), Note("b")).ShouldBeEmpty();
        Of(Note("a", found), Note("b") with { HasIngest = false }).ShouldHaveSingleItem();
        Of(Note("a", found), Note("b", found)).ShouldHaveSingleItem().Text.ShouldBe("text");
    }

    [Fact]
    public void Worse_severity_counts()
        => Of(Note("a", Finding("routing-fails", "1")), Note("b", Finding("routing-fails", "2") with { Severity = "critical" }))
            .ShouldHaveSingleItem().Severity.ShouldBe("critical");

    [Fact]
    public void Finding_of_another_version_is_left_out()
        => Of(Note("a"), Note("b", Finding("of-the-next-version", "12:03"))).ShouldBeEmpty();

    [Fact]
    public void Start_of_a_process_is_no_finding_of_the_others()
        => JoinedFindings.Shared(Rules, Note("a", Finding("starting", "1"), Finding("lag", "2")))
            .ShouldHaveSingleItem().Id.ShouldBe("lag");

    private static FindingDto[] Of(StatusNote own, params StatusNote[] others) => [.. JoinedFindings.Of(Rules, own, others)];

    private static StatusNote Note(string process, params FindingDto[] findings) => new(process, HasIngest: true, findings);

    private static FindingDto Finding(string id, string since) => new(id, "warning", since, null, null, "text", "advice", null);
}
