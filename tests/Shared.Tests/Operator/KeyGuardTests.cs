using System.Net;
using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using Gateway.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Shared.Tests.Operator;

public sealed class KeyGuardTests
{
    private static readonly IPAddress Attacker = IPAddress.Parse("203.0.113.9");

    private readonly SteppedTime _time = new();
    private readonly KeyGuard _guard;

    public KeyGuardTests() => _guard = new KeyGuard(_time, NullLogger<KeyGuard>.Instance);

    [Fact]
    public async Task Wait_doubles_from_100_ms_to_2_s()
    {
        var waits = new List<double>();
        for (var i = 0; i < 13; i++)
        {
            var before = _time.GetUtcNow();
            await GuessAsync(i);
            waits.Add((_time.GetUtcNow() - before).TotalMilliseconds);
        }

        waits.ShouldBe([0, 0, 0, 0, 0, 100, 200, 400, 800, 1600, 2000, 2000, 2000]);
    }

    [Fact]
    public async Task Keys_of_one_address_are_compared_one_after_the_other_and_only_some_may_wait()
    {
        for (var i = 0; i < 12; i++) await GuessAsync(i);

        var waiting = Enumerable.Range(0, 5).Select(_ => WaitAsync()).ToList();
        var error = await Should.ThrowAsync<RequestRejectedException>(WaitAsync);

        (error.StatusCode, error.RetryAfter).ShouldBe((429, TimeSpan.FromSeconds(12)));
        _guard.RejectedKeys.ShouldBe(1);
        for (var i = 1; i <= 5; i++)
        {
            waiting.Count(one => one.IsCompleted).ShouldBe(i - 1);
            _time.Advance(TimeSpan.FromSeconds(2));
            await waiting[i - 1].WaitAsync(Until.Timeout);
        }
    }

    [Fact]
    public async Task Hundred_requests_of_all_addresses_wait_and_an_address_without_wrong_keys_does_not_need_to()
    {
        var addresses = Enumerable.Range(1, 21).Select(i => IPAddress.Parse($"198.51.100.{i}")).ToList();
        foreach (var address in addresses)
            for (var i = 0; i < 15; i++) _guard.AddWrong(address, $"guess {i}");

        var waiting = addresses.Take(20).SelectMany(address => Enumerable.Range(0, 5).Select(_ => WaitAsync(address))).ToList();
        await Should.ThrowAsync<RequestRejectedException>(() => WaitAsync(addresses[20]));

        waiting.ShouldAllBe(one => !one.IsCompleted);
        WaitAsync(IPAddress.Parse("192.0.2.1")).IsCompletedSuccessfully.ShouldBeTrue();
        for (var i = 0; i < 5; i++) _time.Advance(TimeSpan.FromSeconds(2));
        await Task.WhenAll(waiting).WaitAsync(Until.Timeout);
    }

    [Fact]
    public async Task Client_that_goes_away_keeps_its_turn()
    {
        for (var i = 0; i < 12; i++) await GuessAsync(i);
        for (var i = 0; i < 5; i++)
        {
            using var left = new CancellationTokenSource();
            var wait = _guard.WaitAsync(Attacker, left.Token);
            await left.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => wait);
        }

        await Should.ThrowAsync<RequestRejectedException>(WaitAsync);
    }

    [Fact]
    public async Task Right_key_brings_the_wait_back_to_100_ms()
    {
        for (var i = 0; i < 12; i++) await GuessAsync(i);
        _time.Advance(TimeSpan.FromSeconds(2));

        _guard.AddRight(Attacker);
        await PassAsync();
        var before = _time.GetUtcNow();
        await PassAsync();

        (_time.GetUtcNow() - before).ShouldBe(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void Same_wrong_key_again_and_again_makes_no_request_wait()
    {
        for (var i = 0; i < 100; i++) _guard.AddWrong(Attacker, "the key of last year");

        WaitAsync().IsCompletedSuccessfully.ShouldBeTrue();
        _guard.WrongKeys.ShouldBe(100);
    }

    [Fact]
    public void First_wrong_key_of_an_address_in_an_hour_is_reported()
    {
        _guard.AddWrong(Attacker, "a").ShouldBeTrue();
        _guard.AddWrong(Attacker, "b").ShouldBeFalse();
        _guard.AddWrong(Attacker, "b", isLogin: true).ShouldBeTrue();
        _guard.AddWrong(IPAddress.Parse("203.0.113.10"), "b").ShouldBeTrue();
        _time.Advance(TimeSpan.FromMinutes(59));
        _guard.AddWrong(Attacker, "c").ShouldBeFalse();
        _time.Advance(TimeSpan.FromMinutes(1));
        _guard.AddWrong(Attacker, "d").ShouldBeTrue();
    }

    [Fact]
    public void Addresses_of_an_IPv6_network_count_together()
    {
        for (var i = 1; i <= 6; i++) _guard.AddWrong(IPAddress.Parse($"2001:db8::{i}"), $"guess {i}");

        WaitAsync(IPAddress.Parse("2001:db8::9")).IsCompleted.ShouldBeFalse();
        WaitAsync(IPAddress.Parse("2001:db8:1::9")).IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public void Further_addresses_replace_the_oldest_one()
    {
        for (var i = 0; i < 6; i++) _guard.AddWrong(Attacker, $"guess {i}");
        for (var i = 0; i < 1000; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            _guard.AddWrong(new IPAddress([10, 0, (byte)(i / 256), (byte)(i % 256)]), "guess");
        }

        WaitAsync().IsCompleted.ShouldBeTrue();
    }

    private Task WaitAsync() => WaitAsync(Attacker);

    private Task WaitAsync(IPAddress from) => _guard.WaitAsync(from, CancellationToken.None);

    private async Task GuessAsync(int number)
    {
        await PassAsync();
        _guard.AddWrong(Attacker, $"guess {number}");
    }

    /// <summary>Advances the clock until the address may compare a key.</summary>
    private async Task PassAsync()
    {
        var wait = WaitAsync();
        while (!wait.IsCompleted) _time.Advance(TimeSpan.FromMilliseconds(100));
        await wait;
    }
}
