using Gateway.Shared.Operator;
using Gateway.TestSupport;
using Microsoft.Extensions.Configuration;

namespace Gateway.Shared.Tests.Operator;

public sealed class OperatorKeyReaderTests : IDisposable
{
    private const string Good = "a key that operators know";

    private readonly TempFolder _folder = new();

    [Fact]
    public void Keys_come_from_settings_files_and_the_file_of_keys()
    {
        var keys = Keys(
            ("ApiKey", "the old single key"), ("Keys:ann:Role", "read"),
            ("Keys:ann:KeyFile", Write("ann", "the first key of ann\n")),
            ("KeysFile", Write("keys.json", """{ "bob": { "Role": "operate", "Key": "the second key of bob" } }""")));

        keys.Errors.ShouldBeEmpty();
        keys.All.Select(key => (key.Name, key.Role)).ShouldBe(
            [("operator", OperatorRole.Admin), ("ann", OperatorRole.Read), ("bob", OperatorRole.Operate)]);
        keys.Find("the first key of ann")!.Name.ShouldBe("ann");
        keys.Find("the second key of bo").ShouldBeNull();
    }

    [Theory]
    [InlineData("Keys:ann:Key", "aabbccddaabbccddaabb", "Gateway:Operator:Keys:ann:Key: has less than 8 different characters")]
    [InlineData("ApiKey", "0000000000000000", "Gateway:Operator:ApiKey: has less than 8 different characters")]
    [InlineData("ApiKey", "test-secret-0123", "Gateway:Operator:ApiKey: is a published example")]
    [InlineData("ApiKey", "too short", "Gateway:Operator:ApiKey: must have at least 16 characters")]
    [InlineData("ApiKey", Good, "Gateway:Operator:Keys:ann:Key: is also the key of operator")]
    [InlineData("ApiKey", "the secret of dhl", "Gateway:Operator:ApiKey: is also a secret of the source dhl")]
    [InlineData("Keys:ann:Role", "root", "Gateway:Operator:Keys:ann:Role: must be read, operate or admin")]
    [InlineData("Keys:ann:Role", "7", "Gateway:Operator:Keys:ann:Role: must be read, operate or admin")]
    [InlineData("Keys:ann:Rule", "read", "Gateway:Operator:Keys:ann:Rule: is not a known key")]
    [InlineData("Keys:ann:Key", "", "Gateway:Operator:Keys:ann:Key: is not set; set Key or KeyFile")]
    [InlineData("Keys:a b:Role", "read", "a name of a key must have at most 64 letters")]
    [InlineData("Key", "x", "Gateway:Operator:Key: is not a known key")]
    [InlineData("KeysFile", "missing.json", "Gateway:Operator:KeysFile: the file cannot be read")]
    public void Wrong_setting_is_one_line_without_the_key(string name, string value, string error)
    {
        var keys = Keys(("Keys:ann:Role", "read"), ("Keys:ann:Key", Good), (name, value));

        keys.Errors.ShouldContain(line => line.StartsWith(error, StringComparison.Ordinal));
        if (value.Length >= 16) keys.Errors.ShouldAllBe(line => !line.Contains(value));
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{ "ann": { "Role": "read" } }""")]
    [InlineData("""{ "ann": "a key that operators know" }""")]
    public void Broken_file_of_keys_is_reported(string content)
        => Keys(("KeysFile", Write("keys.json", content))).Errors
            .ShouldContain(line => line.StartsWith("Gateway:Operator:KeysFile: ", StringComparison.Ordinal));

    [Fact]
    public void Changed_files_are_used_and_broken_ones_are_not()
    {
        var path = Write("keys.json", """{ "ann": { "Role": "read", "Key": "the first key of ann" } }""");
        var keys = Keys(("ApiKey", Good), ("KeysFile", path));
        keys.Reload().ShouldBeFalse();

        Write("keys.json", """{ "ann": { "Role": "admin", "Key": "the first key of ann" } }""");
        keys.Reload().ShouldBeTrue();
        keys.ByName("ann")!.Role.ShouldBe(OperatorRole.Admin);

        Write("keys.json", "{ broken");
        keys.Reload().ShouldBeTrue();
        keys.Reload().ShouldBeFalse();
        (keys.Errors.Count, keys.ByName("ann")!.Role).ShouldBe((1, OperatorRole.Admin));

        Write("keys.json", """{ "bob": { "Role": "read", "Key": "the second key of bob" } }""");
        keys.Reload().ShouldBeTrue();
        keys.Errors.ShouldBeEmpty();
        keys.All.Select(key => key.Name).ShouldBe(["operator", "bob"]);
    }

    public void Dispose() => _folder.Dispose();

    private static OperatorKeys Keys(params (string Key, string Value)[] settings)
        => new(new OperatorKeyReader(
            new ConfigurationBuilder().AddInMemoryCollection(settings.GroupBy(one => one.Key).Select(
                one => KeyValuePair.Create<string, string?>($"Gateway:Operator:{one.Key}", one.Last().Value))).Build(),
            [new SecretOfDhl()]));

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, content);
        return path;
    }

    private sealed class SecretOfDhl : ISenderSecrets
    {
        public string? OwnerOf(ReadOnlySpan<byte> hash)
            => hash.SequenceEqual(OperatorKey.HashOf("the secret of dhl")) ? "dhl" : null;
    }
}
