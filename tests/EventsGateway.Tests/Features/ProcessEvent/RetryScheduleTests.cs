using CsCheck;
using Gateway.EventsGateway.Features.ProcessEvent;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Tests.Features.ProcessEvent;

public sealed class RetryScheduleTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(4, 8)]
    [InlineData(6, 32)]
    [InlineData(7, 60)]
    [InlineData(1000, 60)]
    public void Waits_double_up_to_the_cap(int attemptsSpent, int seconds)
        => Schedule(options => options.RetryJitter = 0).WaitAfter(attemptsSpent, null).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    [Trait("Defect", "B30")]
    public void Jitter_changes_a_wait_by_a_fifth_at_most() => Gen.Int[1, 30].Sample(attemptsSpent =>
    {
        var exact = Schedule(options => options.RetryJitter = 0).WaitAfter(attemptsSpent, null);

        Schedule().WaitAfter(attemptsSpent, null).ShouldBeInRange(exact * 0.8, exact * 1.2);
    });

    [Fact]
    [Trait("Defect", "B30")]
    public void Waits_differ_by_their_jitter()
        => Enumerable.Range(0, 50).Select(_ => Schedule().WaitAfter(1, null)).Distinct().Count().ShouldBeGreaterThan(1);

    [Fact]
    public void Longer_retry_after_wins_and_a_shorter_one_does_not()
    {
        var schedule = Schedule(options => options.RetryJitter = 0);

        schedule.WaitAfter(2, TimeSpan.FromMinutes(40)).ShouldBe(TimeSpan.FromMinutes(40));
        schedule.WaitAfter(2, TimeSpan.FromSeconds(1)).ShouldBe(TimeSpan.FromSeconds(2));
        schedule.WaitAfter(2, TimeSpan.FromSeconds(-30)).ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Theory]
    [Trait("Defect", "B17")]
    [InlineData(0, 1, true)]
    [InlineData(3, 3, false)]
    [InlineData(3, 4, true)]
    public void Max_retries_counts_the_attempts_after_the_first(int maxRetries, int attemptsSpent, bool isExhausted)
        => Schedule(options => options.MaxRetries = maxRetries).IsExhausted(attemptsSpent).ShouldBe(isExhausted);

    private static RetrySchedule Schedule(Action<ProcessingOptions>? configure = null)
    {
        var options = new ProcessingOptions();
        configure?.Invoke(options);
        return new RetrySchedule(Options.Create(options));
    }
}
