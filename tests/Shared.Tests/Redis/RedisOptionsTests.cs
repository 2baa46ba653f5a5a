using System.ComponentModel.DataAnnotations;
using Gateway.Shared.Redis;
using StackExchange.Redis;

namespace Gateway.Shared.Tests.Redis;

public sealed class RedisOptionsTests
{
    [Theory]
    [InlineData("node2")]
    [InlineData("node2:7000,node3:7000,ssl=true")]
    [InlineData("connectTimeout=300")]
    [InlineData("")]
    public void Options_in_the_syntax_of_the_driver_are_taken(string options) => Errors(options).ShouldBeEmpty();

    [Theory]
    [InlineData("conectTimeout=300")]
    [InlineData("ssl=perhaps")]
    [InlineData("connectTimeout=soon")]
    public void Options_that_the_driver_cannot_read_are_a_mistake_that_names_the_key(string options)
        => Errors(options).ShouldHaveSingleItem().MemberNames.ShouldBe([nameof(RedisOptions.Options)]);

    [Fact]
    public void Nothing_in_the_options_makes_the_door_wait_for_redis()
    {
        var configuration = RedisConnection.ConfigurationOf(
            new RedisOptions { Options = "abortConnect=true,password=old", Password = "new" });

        configuration.AbortOnConnectFail.ShouldBeFalse();
        configuration.BacklogPolicy.ShouldBe(BacklogPolicy.FailFast);
        configuration.Password.ShouldBe("new");
        configuration.EndPoints.Count.ShouldBe(1);
    }

    private static List<ValidationResult> Errors(string options)
    {
        var all = new RedisOptions { Options = options };
        return [.. all.Validate(new ValidationContext(all))];
    }
}
