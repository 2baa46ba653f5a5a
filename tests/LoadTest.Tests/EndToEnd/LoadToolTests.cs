using Gateway.LoadTest.Cli;
using Gateway.TestSupport;

namespace Gateway.LoadTest.Tests.EndToEnd;

public sealed class LoadToolTests : IDisposable
{
    private readonly TempFolder _reports = new();

    [Fact]
    public async Task Burst_with_duplicates_is_drained_accounted_and_reported()
    {
        await using var gateway = GatewayHost.Start();

        // A busy machine is slow, and this test does not check the latency.
        var (exitCode, output) = await LoadTool.RunAsync(
            _reports.Path, gateway.Address, "seed-100", "--duplicates", "0.2", "--drain", "--warmup", "50", "--max-p99", "30s");

        exitCode.ShouldBe(0, output);
        var account = LoadTool.ReportIn(_reports.Path).GetProperty("rounds")[0].GetProperty("account").GetProperty("books");
        account.GetProperty("accepted").GetInt64().ShouldBeInRange(70, 90);
        account.GetProperty("processed").GetInt64().ShouldBe(account.GetProperty("accepted").GetInt64());
        (await File.ReadAllTextAsync(Path.Combine(_reports.Path, "report.html"))).ShouldNotContain("src=");
    }

    [Fact]
    public async Task Lost_events_fail_the_run()
    {
        await using var server = await StatelessServer.StartAsync(status: 202);

        var (exitCode, output) = await LoadTool.RunAsync(
            _reports.Path, server.Address, "--requests", "100", "--drain", "--drain-limit", "1s", "--warmup", "0");

        exitCode.ShouldBe(1, output);
        output.ShouldContain("100 accepted events are lost");
    }

    [Fact]
    public async Task Event_that_is_listed_and_routed_twice_fails_the_run()
    {
        await using var server = await RepeatingServer.StartAsync();

        var (exitCode, output) = await LoadTool.RunAsync(
            _reports.Path, server.Address, "--requests", "100", "--drain", "--warmup", "0");

        exitCode.ShouldBe(1, output);
        output.ShouldContain("1 events are listed twice");
        output.ShouldContain("1 events were routed twice without a failed call");
    }

    [Fact]
    public async Task Stopped_server_ends_the_run()
    {
        await using var server = await StatelessServer.StartAsync(status: 202, stopsAfter: 50);

        var (exitCode, output) = await LoadTool.RunAsync(
            _reports.Path, server.Address, "--requests", "100000000", "--concurrency", "5", "--timeout", "300ms",
            "--warmup", "0");

        exitCode.ShouldBe(1, output);
        output.ShouldContain("5 connections could not be reopened");
        output.ShouldContain("connect failed");
    }

    [Fact]
    public async Task Invalid_option_prints_one_sentence_and_exits_with_2()
    {
        var (exitCode, output) = await LoadTool.RunAsync(_reports.Path, new Uri("http://127.0.0.1:1/"), "--requests", "0");

        exitCode.ShouldBe(2);
        output.Trim().ShouldBe("--requests must be from 1 to 1,000,000,000, not '0'.");
    }

    [Fact]
    public async Task Invalid_report_folder_is_reported_before_the_run()
    {
        var file = Path.Combine(_reports.Path, "file");
        await File.WriteAllTextAsync(file, "");

        var (exitCode, output) = await LoadTool.RunAsync(
            Path.Combine(file, "reports"), new Uri("http://127.0.0.1:1/"), "--requests", "1");

        exitCode.ShouldBe(2);
        output.ShouldContain("--report");
    }

    [Fact]
    public async Task Response_other_than_202_and_503_fails_the_run()
    {
        await using var server = await StatelessServer.StartAsync(status: 401);

        var (exitCode, output) = await LoadTool.RunAsync(_reports.Path, server.Address, "--requests", "100", "--warmup", "0");

        exitCode.ShouldBe(1, output);
        output.ShouldContain("100 × 401");
    }

    [Fact]
    public async Task Success_of_another_status_fails_the_run()
    {
        await using var server = await StatelessServer.StartAsync(status: 200);

        var (exitCode, output) = await LoadTool.RunAsync(_reports.Path, server.Address, "--requests", "100", "--warmup", "0");

        exitCode.ShouldBe(1, output);
        output.ShouldContain("100 × success of another status");
    }

    [Theory]
    [InlineData(401, "The secret differs")]
    [InlineData(404, "no ingestion endpoint")]
    [InlineData(503, "of the answer")]
    public async Task First_request_that_is_not_accepted_ends_the_run(int status, string reason)
    {
        await using var server = await StatelessServer.StartAsync(status: 202, first: status);

        var (exitCode, output) = await LoadTool.RunAsync(_reports.Path, server.Address, "--requests", "100", "--warmup", "0");

        exitCode.ShouldBe(2, output);
        output.ShouldContain($"POST /v1/events-gateway) was answered {status} instead of 202");
        output.ShouldContain(reason);
        File.Exists(Path.Combine(_reports.Path, "report.json")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("0.001", 0)]
    [InlineData("1000", 1)]
    public async Task Baseline_decides_by_the_ratio_to_an_earlier_run(string limit, int expected)
    {
        await using var server = await StatelessServer.StartAsync(status: 202);
        string[] load = ["--requests", "50", "--warmup", "0"];
        (await LoadTool.RunAsync(_reports.Path, server.Address, load)).ExitCode.ShouldBe(0);
        var earlier = Path.Combine(_reports.Path, "report.json");

        var (exitCode, output) = await LoadTool.RunAsync(
            Path.Combine(_reports.Path, "second"), server.Address,
            [.. load, "--duplicates", "10%", "--baseline", earlier, "--min-ratio-baseline", limit]);

        exitCode.ShouldBe(expected, output);
        LoadTool.ReportIn(Path.Combine(_reports.Path, "second")).GetProperty("baseline").GetProperty("ratio").GetDouble()
            .ShouldBeGreaterThan(0);
        output.ShouldContain("The baseline was measured with duplicates 0%, this run with 10%.");
    }

    [Fact]
    public async Task Baseline_that_is_no_report_ends_the_run()
    {
        var file = Path.Combine(_reports.Path, "other.json");
        await File.WriteAllTextAsync(file, "{}");

        var (exitCode, output) = await LoadTool.RunAsync(_reports.Path, new Uri("http://127.0.0.1:1/"), "--baseline", file);

        exitCode.ShouldBe(2, output);
        output.ShouldContain("--baseline");
    }

    [Fact]
    public async Task Comparison_starts_the_ceiling_and_reports_the_ratio()
    {
        await using var gateway = GatewayHost.Start();

        var (exitCode, output) = await LoadTool.RunAsync(
            _reports.Path, gateway.Address, "--requests", "300", "--concurrency", "10", "--compare", "--warmup", "100",
            "--rounds", "2");

        exitCode.ShouldBe(0, output);
        var comparison = LoadTool.ReportIn(_reports.Path).GetProperty("comparison");
        comparison.GetProperty("ratioCeiling").GetProperty("median").GetDouble().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Comparison_with_a_second_gateway_reports_the_ratio()
    {
        await using var gateway = GatewayHost.Start();
        await using var other = GatewayHost.Start();

        var (exitCode, output) = await LoadTool.RunAsync(
            _reports.Path, gateway.Address, "--requests", "100", "--concurrency", "10", "--against", other.Address.ToString(),
            "--warmup", "50");

        exitCode.ShouldBe(0, output);
        var comparison = LoadTool.ReportIn(_reports.Path).GetProperty("comparison");
        comparison.GetProperty("ratioOther").GetProperty("median").GetDouble().ShouldBeGreaterThan(0);
        (await other.Client.CountsAsync()).GetProperty("accepted").GetInt64().ShouldBe(151);
    }

    [Fact]
    public async Task Unreachable_gateway_prints_one_sentence_and_exits_with_2()
    {
        var (exitCode, output) = await LoadTool.RunAsync(_reports.Path, new Uri("http://127.0.0.1:1/"), "--requests", "1");

        exitCode.ShouldBe(2);
        output.Trim().ShouldBe("No server listens at http://127.0.0.1:1/ (127.0.0.1).");
    }

    [Fact]
    public async Task Dotnet_run_writes_the_report_below_the_current_folder()
    {
        await using var server = await StatelessServer.StartAsync(status: 202);

        var (exitCode, output) = await LoadTool.DotnetRunAsync(
            _reports.Path, "--url", server.Address.ToString(), "--requests", "1", "--warmup", "0");

        exitCode.ShouldBe(0, output);
        File.Exists(Path.Combine(_reports.Path, "artifacts", "load", "report.html")).ShouldBeTrue(output);
    }

    [Fact]
    public async Task Version_help_and_report_show_the_version()
    {
        await using var server = await StatelessServer.StartAsync(status: 202);
        var version = LoadArguments.Version;
        version.ShouldNotContain('+');

        (await LoadTool.RunAsync(_reports.Path, server.Address, "--requests", "1", "--warmup", "0")).ExitCode.ShouldBe(0);

        LoadTool.ReportIn(_reports.Path).GetProperty("version").GetString().ShouldBe(version);
        (await LoadTool.RunAsync("--version")).Output.Trim().ShouldBe(version);
        (await LoadTool.RunAsync("--help")).Output.ShouldContain(version);
    }

    public void Dispose() => _reports.Dispose();
}
