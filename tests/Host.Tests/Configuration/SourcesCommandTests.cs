using Gateway.TestSupport;

namespace Gateway.Host.Tests.Configuration;

/// <summary>The arguments of the host that check sources and sign a sample; nothing listens meanwhile.</summary>
public sealed class SourcesCommandTests : IDisposable
{
    private static readonly (string, string)[] Ups =
    [
        ("WEBHOOK_SECRET", GatewayHost.Secret), ("Gateway__Sources__ups__Preset", "ups"),
        ("Gateway__Sources__ups__Merchant", "m-1"), ("Gateway__Sources__ups__Secrets__0__Id", "a"),
        ("Gateway__Sources__ups__Secrets__0__Value", "ups-secret-0123456"),
    ];

    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Sources_check_ends_with_0_and_a_line_per_source()
    {
        var output = await RunAsync(["sources", "check"], Ups, exitCode: 0);

        output.ShouldBe(["sources:ups: is right; POST /v1/sources/ups, identity only, 2 samples as expected"]);
    }

    [Fact]
    public async Task Sources_check_ends_with_1_and_a_line_per_error()
    {
        var output = await RunAsync(["sources", "check"], [.. Ups, ("Gateway__Sources__ups__Pathh", "/x")], exitCode: 1);

        output.ShouldHaveSingleItem().ShouldStartWith("sources:ups: Pathh is not a known key; known here: ");
    }

    [Fact]
    public async Task Sources_sample_prints_a_signed_request()
    {
        var output = await RunAsync(["sources", "sample", "ups"], Ups, exitCode: 0);

        output[0].ShouldBe("curl -i -X POST 'http://localhost:3000/v1/sources/ups' \\");
        output.ShouldContain("  -H 'credential: ups-secret-0123456' \\");
    }

    [Theory]
    [InlineData("sources")]
    [InlineData("source", "check")]
    public async Task Other_words_print_the_usage_and_start_no_gateway(params string[] words)
        => (await RunAsync(words, Ups, exitCode: 2))[0].ShouldStartWith("sources check ");

    public void Dispose() => _folder.Dispose();

    private async Task<IReadOnlyList<string>> RunAsync(string[] arguments, (string, string)[] environment, int exitCode)
    {
        await using var gateway = GatewayProcess.Launch(_folder.Path, arguments, environment);

        (await gateway.ExitAsync()).ShouldBe(exitCode, gateway.WithOutput("Output of the process"));
        gateway.Errors.ShouldBeEmpty();
        return gateway.Output;
    }
}
