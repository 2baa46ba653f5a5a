using Gateway.LoadTest.Accounting;
using Gateway.LoadTest.Budgets;
using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Counting;
using Gateway.LoadTest.Report;
using Gateway.LoadTest.Results;
using Gateway.LoadTest.Run;

namespace Gateway.LoadTest.Tests.Run;

public sealed class FindingsTests
{
    private static readonly Heard Nothing = new([], []);
    private static readonly Account Checked = new(SettledInTime: true, 1, new Books(), null, null, []);

    [Fact]
    public void A_drained_round_without_an_account_is_a_fault()
    {
        Of(drain: true, RoundOf(Checked), RoundOf(null)).Faults.ShouldHaveSingleItem().ShouldContain("was not checked");
        Of(drain: true, RoundOf(Checked)).IsWell.ShouldBeTrue();
        Of(drain: false, RoundOf(null)).IsWell.ShouldBeTrue();
    }

    [Fact]
    public void A_run_that_sent_nothing_is_a_fault()
        => Of(drain: false, RoundOf(null, sent: 0)).Faults.ShouldHaveSingleItem().ShouldBe("gateway: nothing was sent.");

    [Fact]
    public void What_was_left_unchecked_is_a_warning()
    {
        var findings = Of(drain: true, RoundOf(Checked with { Unchecked = "No stub." }));

        findings.IsWell.ShouldBeTrue();
        findings.Warnings.ShouldHaveSingleItem().ShouldBe("No stub.");
    }

    [Fact]
    public void What_ended_the_rounds_early_is_a_fault_beside_the_rounds_before()
    {
        var findings = Findings.Of(OptionsOf(drain: false), [RoundOf(null)], new Heard(["Round 2 could not be run."], []), default, interrupted: false);

        findings.Faults.ShouldHaveSingleItem().ShouldContain("Round 2");
        findings.Rounds.Count.ShouldBe(1);
    }

    [Fact]
    public void A_comparison_by_shares_says_whose_share_it_is()
        => ComparisonModel.TitleOf(OptionsOf(drain: false) with { Rate = new RateGoal(null, 0.2) }).ShouldContain("20 % of its own top rate");

    private static Findings Of(bool drain, params Round[] rounds) => Findings.Of(OptionsOf(drain), rounds, Nothing, default, interrupted: false);

    private static LoadOptions OptionsOf(bool drain) => new()
    {
        Scenario = "", Url = new Uri("http://localhost/"), Secret = "s", Concurrency = 1, Timeout = TimeSpan.FromSeconds(1), WarmUp = WarmUp.None,
        Rounds = 1, Drain = drain, DrainLimit = TimeSpan.FromSeconds(1), ReportFolder = "",
        Budgets = new BudgetLimits(null, null, null, null, null, null, null, null, null, null),
    };

    private static Round RoundOf(Account? account, int sent = 1)
    {
        var (tally, total) = (new Tally(), new TallySum());
        for (var i = 0; i < sent; i++) tally.Sent(repeat: false);
        tally.MoveInto(total);
        var result = new LoadResult { Target = "gateway", Wall = TimeSpan.FromSeconds(1), Total = total, Samples = [], ClientCores = 0.1 };
        return new Round(1, result, null, null, account);
    }
}
