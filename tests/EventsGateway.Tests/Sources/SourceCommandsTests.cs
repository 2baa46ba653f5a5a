using Gateway.EventsGateway.Sources.Samples;

namespace Gateway.EventsGateway.Tests.Sources;

public sealed class SourceCommandsTests
{
    private const string Shop = """
        { "shop": { "Preset": "woocommerce", "Merchant": "m-1", "Secrets": [{ "Id": "a", "Value": "test-secret-0123" }], MORE } }
        """;

    [Fact]
    public void The_samples_of_a_preset_are_checked_with_its_own_mapping()
        => Run(Shop.Replace(", MORE", ""), "check").ShouldBe(
            (0, "sources:shop: is right; POST /v1/sources/shop, signed, 1 sample as expected"));

    [Fact]
    public void The_samples_of_a_preset_say_nothing_about_another_mapping()
        => Run(Shop.Replace("MORE", """ "Map": { "Shipment": "$.number" } """), "check").ShouldBe(
            (0, "sources:shop: is right; POST /v1/sources/shop, signed, 0 samples as expected"));

    [Fact]
    public void A_sample_that_is_another_event_than_expected_is_a_difference()
    {
        var sample = """
            "Samples": [{ "Body": {"id":1,"status":"completed","date_modified_gmt":"2026-02-25T14:30:00"},
                          "Expect": [{ "Shipment": "2", "Type": "SHIPMENT_DELIVERED" }] }]
            """;

        Run(Shop.Replace("MORE", sample), "check").ShouldBe((1, "sources:shop: Samples[0] Shipment is '1', expected is '2'"));
    }

    [Fact]
    public void A_sample_that_cannot_be_mapped_or_is_skipped_is_a_difference_to_an_expected_event()
    {
        var sample = """ "Samples": [{ "Body": {"id":1}, "Expect": [{ "Shipment": "1" }] }] """;

        var (code, output) = Run(Shop.Replace("MORE", sample), "check");

        code.ShouldBe(1);
        output.ShouldStartWith("sources:shop: Samples[0] ");
    }

    [Fact]
    public void A_sample_of_an_unknown_source_names_those_that_are_configured()
        => Run(Shop.Replace(", MORE", ""), "sample", "shopp").ShouldBe(
            (1, "sources:shopp: is not configured; configured are: shop"));

    [Fact]
    public void A_source_whose_secrets_have_all_expired_is_told_by_the_check()
    {
        var shop = Shop.Replace("0123\" }", "0123\", \"ExpiresAt\": \"2026-02-25T14:29:59Z\" }").Replace(", MORE", "");

        Run(shop, "check").Output.ShouldContain("sources:shop: all of its secrets have expired, so each request is answered 401");
    }

    private static (int Code, string Output) Run(string json, params string[] arguments)
    {
        var output = new StringWriter();
        var commands = new SourceCommands(SourceSetup.Load(json), TimeProvider.System, output);
        var code = commands.Run(arguments, "http://localhost:3000");
        return (code, output.ToString().TrimEnd());
    }
}
