using System.Text;
using Gateway.Shared.Operator;
using Gateway.TestSupport;
using Microsoft.Extensions.Options;

namespace Gateway.Shared.Tests.Operator;

public sealed class OperatorSessionsTests
{
    private const string Key = "let-me-in-at-once";

    private readonly SteppedTime _time = new();

    [Theory]
    [InlineData("ann")]
    [InlineData("ann.the.operator")]
    [InlineData("Jörg Ä. 東京")]
    public void A_session_tells_who_has_logged_in(string name)
        => Sessions(Key).NameIn(Sessions(Key).Begin(name)).ShouldBe(name);

    [Fact]
    public void It_ends_after_twelve_hours()
    {
        var session = Sessions(Key).Begin("ann");

        _time.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        Sessions(Key).NameIn(session).ShouldBe("ann");
        _time.Advance(TimeSpan.FromSeconds(1));
        Sessions(Key).NameIn(session).ShouldBeNull();
    }

    [Fact]
    public void It_is_void_once_the_key_is_another()
        => Sessions("another-operator-key").NameIn(Sessions(Key).Begin("ann")).ShouldBeNull();

    [Fact]
    public void Without_a_key_no_session_is_one()
    {
        Sessions("").NameIn(Sessions("").Begin("ann")).ShouldBeNull();
        Sessions("").NameIn(Sessions(Key).Begin("ann")).ShouldBeNull();
    }

    [Fact]
    public void Nobody_else_can_make_or_prolong_one()
    {
        var parts = Sessions(Key).Begin("ann").Split('.');
        var later = Base64(Encoding.UTF8.GetBytes($"{_time.GetUtcNow().AddYears(1).ToUnixTimeSeconds()}.ann"));
        var other = Sessions(Key).Begin("bob").Split('.');

        foreach (var forged in new[] { $"{later}.{parts[1]}", $"{other[0]}.{parts[1]}", $"{parts[0]}.{other[1]}",
            $"{parts[1]}.{parts[0]}", $"{parts[0]}.{parts[0]}" })
            Sessions(Key).NameIn(forged).ShouldBeNull(forged);
    }

    [Fact]
    public void A_session_that_was_cut_or_changed_anywhere_is_none()
    {
        var session = Sessions(Key).Begin("ann");

        for (var length = 0; length < session.Length; length++)
            Sessions(Key).NameIn(session[..length]).ShouldBeNull($"cut at {length}");
        for (var at = 0; at < session.Length; at++)
        {
            foreach (var letter in "A.=+/ \0é")
            {
                var changed = $"{session[..at]}{letter}{session[(at + 1)..]}";
                if (changed != session) Sessions(Key).NameIn(changed).ShouldBeNull(changed);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("%%%.%%%")]
    [InlineData("💥.💥")]
    public void What_is_no_session_is_none(string text) => Sessions(Key).NameIn(text).ShouldBeNull();

    private static string Base64(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private OperatorSessions Sessions(string key)
        => new(new OptionsWrapper<OperatorOptions>(new OperatorOptions { ApiKey = key }), _time);
}
