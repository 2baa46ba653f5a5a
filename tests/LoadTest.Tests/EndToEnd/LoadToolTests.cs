using Gateway.TestSupport;

namespace Gateway.LoadTest.Tests.EndToEnd;

public sealed class LoadToolTests : IDisposable
{
    private readonly TempFolder _reports = new();

    [Fact]
    public async Task A_hundred_at_once_with_duplicates_add_up_and_are_reported()
    {
        await using var gateway = GatewayHost.Start();

        // The machine may be busy: how fast it is, is not what this is about.
        var (exitCode, output) = await LoadTool.RunAsync(
            _reports.Path, gateway.Address, "seed-100", "--duplicates", "0.2", "--drain", "--warmup", "50", "--max-p99", "30s");

        exitCode.ShouldBe(0, output);
        var account = LoadTool.ReportIn(_reports.Path).GetProperty("rounds")[0].GetProperty("account").GetProperty("books");
        account.GetProperty("promised").GetInt64().ShouldBeInRange(70, 90);
        account.GetProperty("processed").GetInt64().ShouldBe(account.GetProperty("promised").GetInt64());
        (await File.ReadAllTextAsync(Path.Combine(_reports.Path, "report.html"))).ShouldNotContain("src=");
    }

    [Fact]
    public async Task A_server_that_keeps_nothing_is_found_out()
    {
        await using var liar = await LyingServer.StartAsync(doorStatus: 202);

        var (exitCode, output) = await LoadTool.RunAsync(
            _reports.Path, liar.Address, "--requests", "100", "--drain", "--drain-limit", "1s", "--warmup", "0");

        exitCode.ShouldBe(1, output);
        output.ShouldContain("100 accepted events are lost");
    }

    [Fact]
    public async Task An_event_that_is_listed_and_routed_twice_is_found_out()
    {
        await using var repeater = await RepeatingServer.StartAsync();

        var (exitCode, output) = await LoadTool.RunAsync(_reports.Path, repeater.Address, "--requests", "100", "--drain", "--warmup", "0");

        exitCode.ShouldBe(1, output);
        output.ShouldContain("1 events are listed twice");
        output.ShouldContain("1 events were routed twice without an attempt");
    }

    [Fact]
    public async Task A_server_that_leaves_for_good_ends_the_run()
    {
        await using var leaver = await LyingServer.StartAsync(doorStatus: 202, leavesAfter: 50);

        var (exitCode, output) = await LoadTool.RunAsync(
            _reports.Path, leaver.Address, "--requests", "100000000", "--concurrency", "5", "--timeout", "300ms", "--warmup", "0");

        exitCode.ShouldBe(1, output);
        output.ShouldContain("5 connections were given up");
        output.ShouldContain("no connection");
    }

    [Fact]
    public async Task An_option_that_cannot_be_meant_is_one_sentence_and_exit_code_2()
    {
        var (exitCode, output) = await LoadTool.RunAsync(_reports.Path, new Uri("http://127.0.0.1:1/"), "--requests", "0");

        exitCode.ShouldBe(2);
        output.Trim().ShouldBe("--requests is from 1 to 1,000,000,000, not '0'.");
    }

    [Fact]
    public async Task A_report_without_a_place_is_told_before_the_run()
    {
        var file = Path.Combine(_reports.Path, "file");
        await File.WriteAllTextAsync(file, "");

        var (exitCode, output) = await LoadTool.RunAsync(Path.Combine(file, "below"), new Uri("http://127.0.0.1:1/"), "--requests", "1");

        exitCode.ShouldBe(2);
        output.ShouldContain("--report");
    }

    [Fact]
    public async Task An_answer_that_is_neither_202_nor_503_fails_the_run()
    {
        await using var refuser = await LyingServer.StartAsync(doorStatus: 401);

        var (exitCode, output) = await LoadTool.RunAsync(_reports.Path, refuser.Address, "--requests", "100", "--warmup", "0");

        exitCode.ShouldBe(1, output);
        output.ShouldContain("100 × 401");
    }

    [Fact]
    public async Task The_ceiling_is_started_and_compared()
    {
        await using var gateway = GatewayHost.Start();

        var (exitCode, output) = await LoadTool.RunAsync(
            _reports.Path, gateway.Address, "--requests", "300", "--concurrency", "10", "--compare", "--warmup", "100", "--rounds", "2");

        exitCode.ShouldBe(0, output);
        var comparison = LoadTool.ReportIn(_reports.Path).GetProperty("comparison");
        comparison.GetProperty("ratioCeiling").GetProperty("median").GetDouble().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Two_gateways_take_turns_and_the_ratio_is_told()
    {
        await using var gateway = GatewayHost.Start();
        await using var other = GatewayHost.Start();

        var (exitCode, output) = await LoadTool.RunAsync(
            _reports.Path, gateway.Address, "--requests", "100", "--concurrency", "10", "--against", other.Address.ToString(), "--warmup", "50");

        exitCode.ShouldBe(0, output);
        var comparison = LoadTool.ReportIn(_reports.Path).GetProperty("comparison");
        comparison.GetProperty("ratioOther").GetProperty("median").GetDouble().ShouldBeGreaterThan(0);
        (await other.Client.CountsAsync()).GetProperty("accepted").GetInt64().ShouldBe(150);
    }

    [Fact]
    public async Task Nobody_there_is_one_sentence_and_exit_code_2()
    {
        var (exitCode, output) = await LoadTool.RunAsync(_reports.Path, new Uri("http://127.0.0.1:1/"), "--requests", "1");

        exitCode.ShouldBe(2);
        output.Trim().ShouldBe("Nobody listens at http://127.0.0.1:1/ (127.0.0.1).");
    }

    public void Dispose() => _reports.Dispose();
}
