using Gateway.Shared.Options;
using Gateway.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Gateway.Shared.Tests.Options;

/// <summary>A property with another one of its name and File.</summary>
public sealed class SecretTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("key-1\n", "key-1")]
    [InlineData("key-1\r\n", "key-1")]
    [InlineData("key-1", "key-1")]
    [InlineData("key \"1\" of\nmany", "key \"1\" of\nmany")]
    public async Task File_is_read_and_one_line_break_at_its_end_is_cut(string content, string key)
        => (await ReadAsync(("KeyFile", Written(content)), ("Key", "of the settings"))).Key.ShouldBe(key);

    [Fact]
    public async Task Each_header_has_a_value_or_a_file()
        => (await ReadAsync(("Headers:A", "1"), ("Headers:B", "x"), ("HeadersFile:b", Written("2\n"))))
            .Headers.OrderBy(header => header.Key)
            .ShouldBe([new("A", "1"), new("B", "2")]);

    [Fact]
    public async Task Address_is_read_from_a_file()
        => (await ReadAsync(("UrlFile", Written("http://u:p@host\n")))).Url.ShouldBe(new Uri("http://u:p@host"));

    [Theory]
    [InlineData("secret-1\n")]
    [InlineData("secret-1\r")]
    [InlineData(" secret-1")]
    [InlineData("\"secret-1\"")]
    [InlineData("'secret-1'")]
    [InlineData("\u00a0secret-1")]
    [InlineData("secret-1\0")]
    public async Task White_space_control_character_or_quote_at_an_end_stops_the_start_without_the_value(string value)
    {
        var why = "begins or ends with white space, a control character or a quote, which would be a part of the secret";

        (await ErrorsAsync(("Key", value))).ShouldBe([$"Gateway:Vault:Key: {why}"]);
        (await ErrorsAsync(("KeyFile", Written($"{value}\r\n")))).ShouldBe([$"Gateway:Vault:KeyFile: {why}"]);
        (await ErrorsAsync(("Headers:A", value))).ShouldBe([$"Gateway:Vault:Headers:A: {why}"]);
    }

    [Fact]
    public async Task Missing_or_empty_file_stops_the_start_without_its_name()
    {
        (await ErrorsAsync(("KeyFile", "secret-1")))
            .ShouldBe(["Gateway:Vault:KeyFile: names a file that cannot be read: is the path right?"]);
        (await ErrorsAsync(("KeyFile", Written("")))).ShouldBe(["Gateway:Vault:KeyFile: names an empty file"]);
    }

    [Fact]
    public async Task Unreadable_address_is_not_shown()
        => (await ErrorsAsync(("Url", "amqp://plain:pa@ss@127.0.0.1:4150"))).ShouldHaveSingleItem()
            .ShouldStartWith("Gateway:Vault:Url: is not an address");

    [Fact]
    public async Task Options_of_another_profile_are_not_validated()
    {
        (string, string)[] settings = [("Litres", "lots"), ("Key", "\"1\""), ("Unknown", "1")];
        using (var embedded = Build(GatewayProfile.Distributed, settings)) await embedded.StartAsync();

        using var distributed = Build(GatewayProfile.Distributed, [.. settings, ("~Profile", "Distributed")]);
        (await Should.ThrowAsync<OptionsValidationException>(() => distributed.StartAsync())).Failures.Count().ShouldBe(3);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<IEnumerable<string>> ErrorsAsync(params (string Key, string Value)[] settings)
    {
        using var host = Build(null, settings);
        return (await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync())).Failures;
    }

    private static async Task<VaultOptions> ReadAsync(params (string Key, string Value)[] settings)
    {
        using var host = Build(null, settings);
        await host.StartAsync();
        return host.Services.GetRequiredService<IOptions<VaultOptions>>().Value;
    }

    private static IHost Build(GatewayProfile? of, (string Key, string Value)[] settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings.Select(one => KeyValuePair.Create<string, string?>(
            one.Key[0] == '~' ? $"Gateway:{one.Key[1..]}" : $"Gateway:Vault:{one.Key}", one.Value)));
        builder.Services.AddValidatedOptions<VaultOptions>("Gateway:Vault", of);
        return builder.Build();
    }

    private string Written(string content)
    {
        var path = Path.Combine(_folder.Path, Guid.NewGuid().ToString());
        File.WriteAllText(path, content);
        return path;
    }

    private sealed class VaultOptions
    {
        public string Key { get; set; } = "";

        public string KeyFile { get; set; } = "";

        public Uri? Url { get; set; }

        public string UrlFile { get; set; } = "";

        public Dictionary<string, string> Headers { get; set; } = [];

        public Dictionary<string, string> HeadersFile { get; set; } = [];

        public int Litres { get; set; }
    }
}
