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
    public void Session_has_the_name_of_the_operator(string name)
        => Sessions(Key).NameIn(Sessions(Key).Begin(name)).ShouldBe(name);

    [Fact]
    public void Session_ends_after_twelve_hours()
    {
        var session = Sessions(Key).Begin("ann");

        _time.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        Sessions(Key).NameIn(session).ShouldBe("ann");
        _time.Advance(TimeSpan.FromSeconds(1));
        Sessions(Key).NameIn(session).ShouldBeNull();
    }

    [Fact]
    public void Session_is_invalid_after_a_change_of_the_key()
        => Sessions("another-operator-key").NameIn(Sessions(Key).Begin("ann")).ShouldBeNull();

    [Fact]
    public void Session_is_invalid_without_an_operator_key()
    {
        Sessions("").NameIn(Sessions("").Begin("ann")).ShouldBeNull();
        Sessions("").NameIn(Sessions(Key).Begin("ann")).ShouldBeNull();
    }

    [Fact]
    public void Session_cannot_be_forged_or_prolonged()
    {
        var parts = Sessions(Key).Begin("ann").Split('.');
        var later = Base64(Encoding.UTF8.GetBytes($"{_time.GetUtcNow().AddYears(1).ToUnixTimeSeconds()}.ann"));
        var other = Sessions(Key).Begin("bob").Split('.');

        string[] forgeries =
        [
            $"{later}.{parts[1]}", $"{other[0]}.{parts[1]}", $"{parts[0]}.{other[1]}", $"{parts[1]}.{parts[0]}",
            $"{parts[0]}.{parts[0]}",
        ];
        foreach (var forged in forgeries) Sessions(Key).NameIn(forged).ShouldBeNull(forged);
    }

    [Fact]
    public void Truncated_or_changed_session_is_invalid()
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
    public void Arbitrary_text_is_not_a_session(string text) => Sessions(Key).NameIn(text).ShouldBeNull();

    private static string Base64(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private OperatorSessions Sessions(string key)
        => new(new OptionsWrapper<OperatorOptions>(new OperatorOptions { ApiKey = key }), _time);
}
