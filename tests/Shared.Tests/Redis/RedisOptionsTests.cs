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
    public void Options_in_the_driver_syntax_apply(string options) => Errors(options).ShouldBeEmpty();

    [Theory]
    [InlineData("conectTimeout=300")]
    [InlineData("ssl=perhaps")]
    [InlineData("connectTimeout=soon")]
    public void Unreadable_options_are_an_error_with_the_key(string options)
        => Errors(options).ShouldHaveSingleItem().MemberNames.ShouldBe([nameof(RedisOptions.Options)]);

    [Theory]
    [InlineData("sentinel-1:26379,sentinel-2", 2)]
    [InlineData("10.0.0.1 [::1]:26379", 2)]
    [InlineData("", 0)]
    public void Sentinels_replace_the_host(string sentinels, int count)
    {
        var options = new RedisOptions { Sentinels = sentinels, Host = "ignored", ServiceName = "cache" };

        options.Validate(new ValidationContext(options)).ShouldBeEmpty();
        var configuration = RedisConnection.ConfigurationOf(options);
        configuration.EndPoints.Count.ShouldBe(count == 0 ? 1 : count);
        configuration.ServiceName.ShouldBe(count == 0 ? null : "cache");
    }

    [Theory]
    [InlineData("http://sentinel")]
    [InlineData("sentinel:port")]
    [InlineData("password=secret")]
    public void Unreadable_sentinels_are_an_error_with_the_key(string sentinels)
    {
        var options = new RedisOptions { Sentinels = sentinels };

        options.Validate(new ValidationContext(options)).ShouldHaveSingleItem().MemberNames
            .ShouldBe([nameof(RedisOptions.Sentinels)]);
    }

    [Fact]
    public void Options_cannot_make_ingest_wait_for_redis()
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
