using Gateway.Shared.Mongo;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Shared.Tests.Mongo;

/// <summary>Workers with different wall clocks use the time of the store.</summary>
public sealed class MongoClockTests
{
    private static readonly DateTimeOffset Theirs = new(2026, 2, 25, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Theirs.AddHours(-3));

    [Fact]
    public void Clock_is_local_until_the_first_measurement()
    {
        var clock = new MongoClock(_time);

        clock.GetUtcNow().ShouldBe(_time.GetUtcNow());
        clock.IsFresh.ShouldBeFalse();
    }

    [Fact]
    public async Task Offset_assumes_the_middle_of_the_round_trip()
    {
        var clock = new MongoClock(_time);

        await clock.MeasureAsync(async () =>
        {
            await Task.Yield();
            _time.Advance(TimeSpan.FromMilliseconds(80));
            return Theirs;
        });

        clock.GetUtcNow().ShouldBe(Theirs.AddMilliseconds(40));
        _time.Advance(TimeSpan.FromSeconds(7));
        clock.GetUtcNow().ShouldBe(Theirs.AddMilliseconds(7040));
    }

    [Fact]
    public async Task Offset_is_measured_again_after_a_minute()
    {
        var clock = new MongoClock(_time);
        await clock.MeasureAsync(() => Task.FromResult(Theirs));
        clock.IsFresh.ShouldBeTrue();

        _time.Advance(TimeSpan.FromMinutes(1));

        clock.IsFresh.ShouldBeFalse();
    }

    [Fact]
    public async Task Step_of_the_local_wall_clock_does_not_change_the_clock()
    {
        var stepped = new SteppingTime(_time);
        var clock = new MongoClock(stepped);
        await clock.MeasureAsync(() => Task.FromResult(Theirs));

        stepped.Step = TimeSpan.FromHours(5);

        clock.GetUtcNow().ShouldBe(Theirs);
    }

    private sealed class SteppingTime(TimeProvider time) : TimeProvider
    {
        public TimeSpan Step { get; set; }

        public override long TimestampFrequency => time.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + Step;

        public override long GetTimestamp() => time.GetTimestamp();
    }
}
