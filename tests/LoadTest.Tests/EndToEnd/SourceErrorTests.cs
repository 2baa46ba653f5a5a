using System.Security.Cryptography;
using System.Text.Json;
using Gateway.TestSupport;

namespace Gateway.LoadTest.Tests.EndToEnd;

/// <summary>A source that cannot be loaded is one line before the run.</summary>
public sealed class SourceErrorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("--source must be NAME, NAME:EVENTS, NAME=WEIGHT or NAME:EVENTS=WEIGHT", "--source", "easypost=0")]
    [InlineData("--source must be NAME", "--source", "easypost:501")]
    [InlineData("--compare cannot be combined with --source.", "--source", "easypost", "--compare")]
    [InlineData("sources:aramex: is not configured (--sources-file); configured are: gateway, easypost.", "--source", "aramex")]
    [InlineData("sources:easypost: takes one event per request, not 5: it has no Each.", "--source", "easypost:5")]
    [InlineData("gateway takes one event per request, not 5.", "--source", "gateway:5", "--source", "easypost")]
    public async Task Wrong_source_is_one_line(string line, params string[] arguments)
        => (await LineAsync(SourceFile.Write(_folder, "easypost"), arguments)).ShouldStartWith(line);

    [Fact]
    public async Task Missing_secret_is_one_line()
    {
        var file = SourceFile.Write(_folder, "easypost");
        const string secret = """{ "Id": "a", "FromEnv": "NO_SUCH" }""";
        await File.WriteAllTextAsync(
            file, $$"""{ "easypost": { "Preset": "easypost", "Merchant": "m-1", "Secrets": [{{secret}}] } }""");

        (await LineAsync(file, "--source", "easypost"))
            .ShouldBe("sources:easypost: Secrets[0].FromEnv names a variable that is not set; set it for this process");
    }

    [Fact]
    public async Task Source_whose_sender_alone_can_sign_is_one_line()
    {
        var file = SourceFile.Write(_folder, "easypost");
        using var key = RSA.Create(2048);
        var pem = JsonSerializer.Serialize(key.ExportSubjectPublicKeyInfoPem());
        await File.WriteAllTextAsync(
            file, $$"""{ "se": { "Preset": "shipengine", "Merchant": "m-1", "Secrets": [{ "Id": "a", "Value": {{pem}} }] } }""");

        (await LineAsync(file, "--source", "se"))
            .ShouldBe("sources:se: cannot be signed here: only its sender has the private key.");
    }

    public void Dispose() => _folder.Dispose();

    private async Task<string> LineAsync(string file, params string[] arguments)
    {
        var (exitCode, output) = await LoadTool.RunAsync(
            _folder.Path, new Uri("http://127.0.0.1:1/"), [.. arguments, "--sources-file", file]);
        exitCode.ShouldBe(2, output);
        return output.Trim().Split('\n').ShouldHaveSingleItem();
    }
}
