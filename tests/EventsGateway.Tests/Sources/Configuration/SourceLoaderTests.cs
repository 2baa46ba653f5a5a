using System.Text;
using Gateway.EventsGateway.Sources.Configuration;
using Gateway.EventsGateway.Sources.Settings;
using Gateway.EventsGateway.Sources.Verification;
using Microsoft.Extensions.Configuration;

namespace Gateway.EventsGateway.Tests.Sources.Configuration;

public sealed class SourceLoaderTests : IDisposable
{
    private const string Small = """
        { "Merchant": "m-1", "Secrets": [{ "Id": "a", "Value": "test-secret-0123" }], "Verify": { "Signature": "{header.X-Sig}" },
          "Map": { "Shipment": "$.s", "Type": "$.t" } }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_source_has_the_defaults_of_the_model()
    {
        var source = SourceSetup.Load($$"""{ "DHL-1": {{Small}} }""").Table!.All.ShouldHaveSingleItem();

        source.Name.ShouldBe("dhl-1");
        source.Path.Text.ShouldBe("/v1/sources/dhl-1");
        source.MaxBodyBytes.ShouldBe(102_400);
        source.Answer.Status.ShouldBe(200);
        source.Answer.Body!.ToString().ShouldBe("""{"status":"accepted"}""");
        source.Proof.ShouldBe(ProofStrength.Signed);
        source.AfterEnd.ShouldBe(Gateway.EventsGateway.Entities.AfterEnd.Settle);
    }

    [Fact]
    public void Sources_of_the_configuration_keys_match_in_any_case_and_lists_by_index()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Gateway:Sources:dhl:MERCHANT"] = "m-1",
            ["Gateway:Sources:dhl:verify:scheme"] = "TOKEN",
            ["Gateway:Sources:dhl:verify:signature"] = "{header.X-Token}",
            ["Gateway:Sources:dhl:secrets:10:id"] = "b",
            ["Gateway:Sources:dhl:secrets:10:value"] = "test-secret-of-10",
            ["Gateway:Sources:dhl:secrets:2:id"] = "a",
            ["Gateway:Sources:dhl:secrets:2:value"] = "test-secret-of-2",
            ["Gateway:Sources:dhl:map:shipment"] = "$.s",
            ["Gateway:Sources:dhl:map:type"] = "$.t",
            ["Gateway:Sources:dhl:map:types:shipment_delivered:0"] = "ok",
        }).Build();

        var settings = SettingsNode.Of(configuration.GetSection("Gateway:Sources"));
        var loaded = new SourceLoader(settings, null, true, "", TimeProvider.System).Load();

        loaded.Errors.ShouldBeEmpty();
        loaded.Table!.ByName("DHL")!.Verifier!.Secrets.Select(secret => secret.Id).ShouldBe(["a", "b"]);
        loaded.Table.ByName("dhl")!.Proof.ShouldBe(ProofStrength.IdentityOnly);
    }

    [Fact]
    public void A_list_that_is_written_replaces_the_list_of_the_preset_and_types_are_replaced_one_by_one()
    {
        var preset = SourceSetup.Tree("""
            { "Take": ["a", "b"], "Map": { "Id": "x", "Types": { "A": ["1", "2"], "B": ["3"] } }, "Each": "e" }
            """);
        var written = SourceSetup.Tree("""{ "take": ["c"], "map": { "types": { "a": ["9"], "C": ["4"] } }, "Each": "none" }""");

        var merged = SettingsNode.Merge(preset, written);

        merged.Fields["Take"].Items.Select(item => item.Text).ShouldBe(["c"]);
        merged.Fields["Map"].Fields["Id"].Text.ShouldBe("x");
        merged.Fields["Map"].Fields["Types"].Fields["A"].Items.Select(item => item.Text).ShouldBe(["9"]);
        merged.Fields["Map"].Fields["Types"].Fields["B"].Items.Select(item => item.Text).ShouldBe(["3"]);
        merged.Fields["Map"].Fields["Types"].Fields.ShouldContainKey("C");
        merged.Fields.ShouldNotContainKey("Each");
    }

    [Fact]
    public void A_field_of_a_preset_is_switched_off_with_none()
    {
        var source = SourceSetup.Source("""
            { "Preset": "standard-webhooks",
              "Verify": { "Key": "utf8", "Content": "{header.webhook-id}.{body}", "Timestamp": "none" } }
            """);

        source.Verify.Timestamp.ShouldBeNull();
    }

    [Fact]
    public void The_same_name_in_configuration_and_file_is_an_error()
    {
        var file = FileOf($$"""{ "DHL": {{Small}} }""");

        SourceSetup.Load($$"""{ "dhl": {{Small}} }""", file).Errors.ShouldHaveSingleItem()
            .ShouldBe("sources:DHL: is written in Gateway:Sources and in Gateway:SourcesFile; remove one of them");
    }

    [Fact]
    public void Sources_of_the_file_are_added_and_its_comments_skipped()
    {
        var file = FileOf($$"""
            // one source
            { "ups": {{Small.Replace("0123", "4567")}}, }
            """);

        SourceSetup.Load($$"""{ "dhl": {{Small}} }""", file).Table!.All.Select(source => source.Name).ShouldBe(["dhl", "ups"]);
    }

    [Theory]
    [InlineData("", "the file is no JSON: line 1, position 1")]
    [InlineData("{ \"a\": ", "the file is no JSON: line 1")]
    [InlineData("""{ "a": { "Merchant": "\ud800" } }""", "the file is no JSON: a text is not UTF-8")]
    [InlineData("""{ "a\ud800": {} }""", "the file is no JSON: a text is not UTF-8")]
    [InlineData("{}", "the file names no source")]
    [InlineData("[]", "the file names no source")]
    public void A_broken_or_empty_file_is_an_error(string content, string error)
        => SourceSetup.Load("{}", FileOf(content)).Errors.ShouldHaveSingleItem().ShouldStartWith($"Gateway:SourcesFile: {error}");

    [Fact]
    public void A_missing_file_and_a_key_that_is_written_twice_are_errors()
    {
        SourceSetup.Load("{}", Path.Combine(_folder, "none.json")).Errors.ShouldHaveSingleItem()
            .ShouldBe("Gateway:SourcesFile: the file cannot be read; is the path right?");
        SourceSetup.Load("{}", FileOf($$"""{ "dhl": {{Small}}, "DHL": {{Small}} }""")).Errors.ShouldHaveSingleItem()
            .ShouldBe("Gateway:SourcesFile: DHL is written twice; remove one of them");
    }

    [Fact]
    public void Two_paths_that_could_match_one_request_are_an_error()
        => SourceSetup.Load($$"""
            { "a": {{Small.Replace("{ \"Merchant\"", "{ \"Path\": \"/in/{x}\", \"Merchant\"")}},
              "b": {{Small.Replace("{ \"Merchant\"", "{ \"Path\": \"/IN/b\", \"Merchant\"").Replace("0123", "4567")}} }
            """).Errors.ShouldHaveSingleItem().ShouldStartWith("sources:b: Path /IN/b could match a request of a (/in/{x})");

    [Fact]
    public void One_secret_in_two_sources_or_in_the_built_in_source_is_an_error()
    {
        SourceSetup.Load($$"""{ "a": {{Small}}, "b": {{Small}} }""").Errors.ShouldHaveSingleItem()
            .ShouldBe("sources:b: the secret a is also a secret of a; give each source its own");
        SourceSetup.Load($$"""{ "a": {{Small}} }""", webhookSecret: "test-secret-0123").Errors.ShouldHaveSingleItem()
            .ShouldBe("sources:a: the secret a is also a secret of gateway; give each source its own");
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("dhl_1")]
    public void A_malformed_name_is_an_error(string name)
        => SourceSetup.Load($$"""{ "{{name}}": {{Small}} }""").Errors.ShouldHaveSingleItem().ShouldStartWith($"sources:{name}: ");

    [Fact]
    public void Built_in_source_takes_secrets_and_nothing_else()
    {
        const string secrets = """ "Secrets": [{ "Id": "2027", "Value": "test-secret-0123" }] """;
        SourceSetup.Load($$"""{ "gateway": { {{secrets}} } }""").Table!.BuiltInSecrets.ShouldHaveSingleItem().Id.ShouldBe("2027");
        SourceSetup.Load($$"""{ "gateway": { {{secrets}}, "Path": "/x" } }""").Errors
            .ShouldHaveSingleItem().ShouldStartWith("sources:gateway: Path ");
        SourceSetup.Load($$"""{ "gateway": { {{secrets}} } }""", webhookSecret: "test-secret-0123").Errors
            .ShouldHaveSingleItem().ShouldContain("is also Gateway:Webhook:Secret");
    }

    [Fact]
    public void A_process_without_ingest_reads_no_secrets()
    {
        var loaded = SourceSetup.Load("""
            { "ups": { "Preset": "ups", "Merchant": "m-1", "Secrets": [{ "Id": "a", "FromEnv": "NOT_SET_HERE" }] } }
            """, needsSecrets: false);

        loaded.Errors.ShouldBeEmpty();
        loaded.Table!.ByName("ups")!.Verifier.ShouldBeNull();
    }

    [Fact]
    public void One_final_line_break_of_a_secret_file_is_cut()
    {
        var file = FileOf("test-secret-0123\r\n").Replace("\\", "/");
        var loaded = SourceSetup.Load(
            $$"""{ "a": {{Small.Replace("\"Value\": \"test-secret-0123\"", $"\"FromFile\": \"{file}\"")}} }""");

        loaded.Errors.ShouldBeEmpty();
        loaded.Table!.All[0].Verifier!.Secrets[0].Key.ShouldBe("test-secret-0123"u8.ToArray());
    }

    [Theory]
    [InlineData("\"Value\": \"SECRET-VALUE \"")]
    [InlineData("\"Value\": \"SECRET-VALUE\", \"FromEnv\": \"SECRET-VALUE\"")]
    [InlineData("\"FromEnv\": \"SECRET-VALUE\"")]
    [InlineData("\"FromFile\": \"/SECRET-VALUE\"")]
    [InlineData("\"Value\": \"SECRET-VALUE\", \"ExpiresAt\": \"x\"")]
    [InlineData("\"Value\": [\"SECRET-VALUE\"]")]
    public void No_error_contains_a_secret(string secret)
    {
        var source = Small.Replace("\"Value\": \"test-secret-0123\"", secret)
            .Replace("\"Signature\"", "\"Key\": \"hex\", \"Signature\"");
        var loaded = SourceSetup.Load($$"""{ "a": {{source}} }""");

        loaded.Errors.ShouldNotBeEmpty();
        loaded.Errors.Concat(loaded.Warnings).ShouldAllBe(line => !line.Contains("SECRET-VALUE"));
    }

    [Fact]
    public void Short_secrets_and_sources_without_proof_are_warnings()
    {
        var loaded = SourceSetup.Load("""
            { "a": { "Preset": "none", "Merchant": "m-1", "Secrets": [{ "Id": "x", "Value": "short" }],
                     "Map": { "Shipment": "$.s", "Type": "$.t" } } }
            """);

        loaded.Errors.ShouldBeEmpty();
        loaded.Warnings.ShouldBe([
            "sources:a: Secrets[0] has less than 16 bytes and can be guessed",
            "sources:a: requests prove only that the sender knows the path; use another Verify.Scheme if the sender has one",
        ]);
        loaded.Table!.All[0].Proof.ShouldBe(ProofStrength.None);
        loaded.Table.Find("/v1/sources/a/the-token")!.Route["token"].ShouldBe("the-token");
    }

    [Theory]
    [InlineData("2026-02-25T14:30:00Z", true)]
    [InlineData("2026-02-25T14:30:01Z", false)]
    public void A_source_whose_secrets_have_all_expired_is_a_warning(string end, bool isTold)
    {
        var secrets = $$"""
            "Secrets": [{ "Id": "b", "Value": "test-secret-4567", "ExpiresAt": "2026-02-25T14:29:59Z" },
                        { "Id": "a", "Value": "test-secret-0123", "ExpiresAt": "{{end}}" }]
            """;
        var source = Small.Replace("""
            "Secrets": [{ "Id": "a", "Value": "test-secret-0123" }]
            """, secrets);

        SourceSetup.Load($$"""{ "a": {{source}} }""").Warnings.ShouldBe(isTold
            ? ["sources:a: all of its secrets have expired, so each request is answered 401; add a secret, or change ExpiresAt"]
            : []);
    }

    private string FileOf(string content)
    {
        var file = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        File.WriteAllText(file, content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return file;
    }
}
