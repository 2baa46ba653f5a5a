using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Measure;
using Gateway.LoadTest.Measure.Accounting;
using Gateway.LoadTest.Report;

namespace Gateway.LoadTest.Tests.Measure;

public sealed class FindingsTests
{
    private static readonly SessionNotes NoNotes = new([], []);
    private static readonly Account Checked = new(SettledInTime: true, 1, new AccountedEvents(), null, null, []);

    [Fact]
    public void Missing_account_of_a_drained_round_is_a_fault()
    {
        Of(drain: true, RoundOf(Checked), RoundOf(null)).Faults.ShouldHaveSingleItem().ShouldContain("was not checked");
        Of(drain: true, RoundOf(Checked)).Passed.ShouldBeTrue();
        Of(drain: false, RoundOf(null)).Passed.ShouldBeTrue();
    }

    [Fact]
    public void Run_without_requests_is_a_fault()
        => Of(drain: false, RoundOf(null, sent: 0)).Faults.ShouldHaveSingleItem().ShouldBe("gateway: no request was sent.");

    [Fact]
    public void Run_of_nothing_but_503_is_a_fault()
        => Of(drain: false, RoundOf(null, status: 503)).Faults.ShouldBe(["gateway: no request was accepted."]);

    [Fact]
    public void Skipped_check_is_a_warning()
    {
        var findings = Of(drain: true, RoundOf(Checked with { Unchecked = "No stub." }));

        findings.Passed.ShouldBeTrue();
        findings.Warnings.ShouldHaveSingleItem().ShouldBe("No stub.");
    }

    [Fact]
    public void Failed_round_is_a_fault_and_keeps_the_rounds_before()
    {
        var notes = new SessionNotes(["Round 2 could not be run."], []);

        var findings = Findings.Of(OptionsOf(drain: false), [RoundOf(null)], notes, default, interrupted: false);

        findings.Faults.ShouldHaveSingleItem().ShouldContain("Round 2");
        findings.Rounds.Count.ShouldBe(1);
    }

    [Fact]
    public void Comparison_title_names_the_share_of_the_top_rate()
        => ComparisonModel.TitleOf(OptionsOf(drain: false) with { Rate = new RateGoal(null, 0.2) })
            .ShouldContain("20 % of its own top rate");

    private static Findings Of(bool drain, params Round[] rounds)
        => Findings.Of(OptionsOf(drain), rounds, NoNotes, default, interrupted: false);

    private static LoadOptions OptionsOf(bool drain) => new()
    {
        Scenario = "",
        Url = new Uri("http://localhost/"),
        Secret = "s",
        Concurrency = 1,
        Timeout = TimeSpan.FromSeconds(1),
        WarmUp = WarmUp.None,
        Rounds = 1,
        Drain = drain,
        DrainLimit = TimeSpan.FromSeconds(1),
        ReportFolder = "",
        Budgets = new BudgetLimits(null, null, null, null, null, null, null, null, null, null, null),
    };

    private static Round RoundOf(Account? account, int sent = 1, int status = 202)
    {
        var (stats, total) = (new RequestStats(), new RequestTotals());
        for (var i = 0; i < sent; i++)
        {
            stats.RecordSent(repeat: false);
            stats.RecordEnd(status, 1);
        }

        stats.MoveTo(total);
        var result = new LoadResult
        {
            Target = "gateway",
            Wall = TimeSpan.FromSeconds(1),
            Total = total,
            Samples = [],
            ClientCores = 0.1,
        };
        return new Round(1, result, null, null, account);
    }
}
