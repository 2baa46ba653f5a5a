using Gateway.LoadTest.Cli;

namespace Gateway.LoadTest.Tests.Cli;

public sealed class LoadArgumentsTests
{
    [Theory]
    [InlineData("150ms", 0.15)]
    [InlineData("30s", 30)]
    [InlineData("1.5m", 90)]
    [InlineData("1h", 3600)]
    public void Time_has_a_unit(string text, double seconds)
    {
        Units.TryDuration(text, out var duration).ShouldBeTrue();
        duration.TotalSeconds.ShouldBe(seconds);
    }

    [Theory]
    [InlineData("30")]
    [InlineData("-1s")]
    [InlineData("s")]
    public void Time_without_a_unit_is_rejected(string text)
        => Units.TryDuration(text, out _).ShouldBeFalse();

    [Fact]
    public async Task Scenario_sets_the_load_and_its_budget()
    {
        var options = await OptionsOf("seed-1000");

        (options.Requests, options.Burst, options.Concurrency, options.Budgets.MaxUnknown).ShouldBe((1000, true, 1000, 0));
        (await OptionsOf("seed-100")).Budgets.MaxP99.ShouldBe(TimeSpan.FromMilliseconds(150));
    }

    [Fact]
    public async Task Options_override_the_scenario()
    {
        var options = await OptionsOf("soak", "--duration", "20s", "--concurrency", "50", "--max-unknown", "10%");

        (options.Duration, options.Concurrency, options.Budgets.MaxUnknown).ShouldBe((TimeSpan.FromSeconds(20), 50, 0.1));
    }

    [Fact]
    public async Task Rate_is_a_number_or_a_share_of_the_top_rate()
    {
        (await OptionsOf("--rate", "500")).Rate.ShouldBe(new RateGoal(500, null));
        (await OptionsOf("--rate", "20%")).Rate.ShouldBe(new RateGoal(null, 0.2));
    }

    [Theory]
    [InlineData("--requests", "0")]
    [InlineData("--requests", "-5")]
    [InlineData("--requests", "99999999999")]
    [InlineData("--concurrency", "0")]
    [InlineData("--concurrency", "100000")]
    [InlineData("--duration", "0s")]
    [InlineData("--duration", "1000h")]
    [InlineData("--duration", "99999999999999h")]
    [InlineData("--timeout", "0s")]
    [InlineData("--rate", "0")]
    [InlineData("--rate", "1e12")]
    [InlineData("--rate", "0%")]
    [InlineData("--rate", "NaN")]
    public void Value_out_of_range_is_one_error(string option, string value)
        => ErrorsOf(option, value).ShouldHaveSingleItem().ShouldContain(option);

    [Theory]
    [InlineData("--burst", "--rate", "100")]
    [InlineData("--burst", "--duration", "1s")]
    [InlineData("--burst", "--concurrency", "10")]
    [InlineData("seed-100", "--rate", "20%")]
    [InlineData("--burst", "--requests", "60001")]
    public void Burst_excludes_other_load_options(params string[] arguments)
        => ErrorsOf(arguments).ShouldHaveSingleItem().ShouldContain(arguments[1]);

    [Fact]
    public void Burst_accepts_a_number_of_requests()
        => ErrorsOf("--burst", "--requests", "50").ShouldBeEmpty();

    private static List<string> ErrorsOf(params string[] arguments)
        => [.. new LoadArguments().Command(_ => Task.FromResult(0)).Parse(arguments).Errors.Select(error => error.Message)];

    private static async Task<LoadOptions> OptionsOf(params string[] arguments)
    {
        LoadOptions? read = null;
        var command = new LoadArguments().Command(options =>
        {
            read = options;
            return Task.FromResult(0);
        });
        await command.Parse(arguments).InvokeAsync();
        return read.ShouldNotBeNull();
    }
}
