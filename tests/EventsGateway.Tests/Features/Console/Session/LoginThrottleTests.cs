using System.Net;
using Gateway.EventsGateway.Features.Console.Session;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.Console.Session;

public sealed class LoginThrottleTests
{
    private static readonly IPAddress Ann = IPAddress.Parse("203.0.113.9");

    private readonly SteppedTime _time = new();
    private readonly LoginThrottle _keys;

    public LoginThrottleTests() => _keys = new LoginThrottle(_time);

    [Fact]
    public void Wait_ends_a_minute_after_the_first_wrong_key()
    {
        for (var i = 0; i < 10; i++)
        {
            Wrong(Ann).ShouldBe(TimeSpan.Zero);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Wrong(Ann).ShouldBe(TimeSpan.FromSeconds(50));
        _time.Advance(TimeSpan.FromSeconds(50));
        Wrong(Ann).ShouldBe(TimeSpan.Zero);
        Wrong(Ann).ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Wrong_key_is_recorded_once_per_address_and_hour()
    {
        var bob = IPAddress.Parse("203.0.113.10");
        _keys.IsFirstOfHour(Ann).ShouldBeTrue();
        _keys.IsFirstOfHour(Ann).ShouldBeFalse();
        _keys.IsFirstOfHour(bob).ShouldBeTrue("a flood from one address does not hide another");

        _time.Advance(TimeSpan.FromHours(1));
        _keys.IsFirstOfHour(Ann).ShouldBeTrue();
        for (var i = 0; i < 5_000; i++) _keys.IsFirstOfHour(new IPAddress(i));
        _keys.IsFirstOfHour(IPAddress.Parse("203.0.113.11")).ShouldBeFalse("further addresses share one entry");
    }

    [Fact]
    public void Setting_the_clock_does_not_lengthen_the_wait()
    {
        var keys = new LoginThrottle(new Unset(_time));
        for (var i = 0; i < 10; i++) keys.Add(Ann);
        _time.Advance(TimeSpan.FromSeconds(20));

        keys.Add(Ann).ShouldBe(TimeSpan.FromSeconds(40));
    }

    [Fact]
    public void Wrong_keys_of_one_address_do_not_affect_others()
    {
        for (var i = 0; i < 10; i++) Wrong(Ann);

        Wrong(IPAddress.Parse("203.0.113.10")).ShouldBe(TimeSpan.Zero);
    }

    [Theory]
    [InlineData("::ffff:203.0.113.9", "203.0.113.9", true)]
    [InlineData("2001:db8::1", "2001:db8::2", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    public void Addresses_of_one_ipv6_network_share_a_limit(string one, string other, bool areOne)
    {
        for (var i = 0; i < 10; i++) Wrong(IPAddress.Parse(one));

        (Wrong(IPAddress.Parse(other)) > TimeSpan.Zero).ShouldBe(areOne);
    }

    [Fact]
    public void Addresses_beyond_the_maximum_share_one_limit()
    {
        for (var i = 0; i < 1010; i++) Wrong(new IPAddress(i + 1));

        Wrong(new IPAddress(5000)).ShouldBeGreaterThan(TimeSpan.Zero);
        Wrong(new IPAddress(1)).ShouldBe(TimeSpan.Zero);
    }

    private TimeSpan Wrong(IPAddress from) => _keys.Add(from);

    /// <summary>Reading the wall clock fails, because it may be set at any time.</summary>
    private sealed class Unset(TimeProvider time) : TimeProvider
    {
        public override long TimestampFrequency => time.TimestampFrequency;

        public override long GetTimestamp() => time.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => throw new InvalidOperationException("The time of day may be set.");
    }
}
