using System.Text;
using Gateway.Shared.Operator;
using Gateway.TestSupport;
using Microsoft.Extensions.Configuration;

namespace Gateway.Shared.Tests.Operator;

public sealed class OperatorSessionsTests
{
    private const string Key = "let-me-in-at-once";

    private readonly SteppedTime _time = new();

    [Theory]
    [InlineData("ann")]
    [InlineData("ann.the.operator")]
    public void Session_has_the_name_and_the_role_of_the_key(string name)
    {
        var found = Sessions(Key, name).Find(Begin(name))!;

        (found.Name, found.Role).ShouldBe((name, OperatorRole.Operate));
    }

    [Fact]
    public void Session_is_invalid_after_its_end_and_others_stay()
    {
        var sessions = Sessions(Key);
        var (text, id) = sessions.Begin(KeyOf(Key, "ann"));
        var other = Begin();

        sessions.End(id);

        sessions.Find(text).ShouldBeNull();
        sessions.Find(other).ShouldNotBeNull();
    }

    [Fact]
    public void Session_of_a_key_under_another_name_is_invalid()
        => Sessions(Key, "bob").Find(Begin()).ShouldBeNull();

    [Fact]
    public void Session_ends_after_twelve_hours()
    {
        var session = Begin();

        _time.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        Sessions(Key).Find(session)!.Name.ShouldBe("ann");
        _time.Advance(TimeSpan.FromSeconds(1));
        Sessions(Key).Find(session).ShouldBeNull();
    }

    [Fact]
    public void Session_is_invalid_after_a_change_of_the_key()
        => Sessions("another-operator-key").Find(Begin()).ShouldBeNull();

    [Fact]
    public void Session_cannot_be_forged_or_prolonged()
    {
        var parts = Begin().Split('.');
        var later = Base64(Encoding.UTF8.GetBytes($"{_time.GetUtcNow().AddYears(1).ToUnixTimeSeconds()}.0123456789abcdef.ann"));
        var other = Begin().Split('.');

        string[] forgeries =
        [
            $"{later}.{parts[1]}", $"{other[0]}.{parts[1]}", $"{parts[0]}.{other[1]}", $"{parts[1]}.{parts[0]}",
            $"{parts[0]}.{parts[0]}",
        ];
        foreach (var forged in forgeries) Sessions(Key).Find(forged).ShouldBeNull(forged);
    }

    [Fact]
    public void Truncated_or_changed_session_is_invalid()
    {
        var session = Begin();

        for (var length = 0; length < session.Length; length++)
            Sessions(Key).Find(session[..length]).ShouldBeNull($"cut at {length}");
        for (var at = 0; at < session.Length; at++)
        {
            foreach (var letter in "A.=+/ \0é")
            {
                var changed = $"{session[..at]}{letter}{session[(at + 1)..]}";
                if (changed != session) Sessions(Key).Find(changed).ShouldBeNull(changed);
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
    public void Arbitrary_text_is_not_a_session(string text) => Sessions(Key).Find(text).ShouldBeNull();

    private static string Base64(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private static OperatorKey KeyOf(string key, string name) => new(name, OperatorRole.Operate, key);

    private string Begin(string name = "ann") => Sessions(Key, name).Begin(KeyOf(Key, name)).Text;

    private OperatorSessions Sessions(string key, string name = "ann")
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"Gateway:Operator:Keys:{name}:Key"] = key, [$"Gateway:Operator:Keys:{name}:Role"] = "operate",
        }).Build();
        return new OperatorSessions(new OperatorKeys(new OperatorKeyReader(configuration, [])), _time);
    }
}
