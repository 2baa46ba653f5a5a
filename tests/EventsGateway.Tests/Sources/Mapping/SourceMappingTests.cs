using System.Security.Cryptography;
using System.Text;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Sources.Mapping;

namespace Gateway.EventsGateway.Tests.Sources.Mapping;

/// <summary>The five configurations of docs/sources.md against the bodies that such senders post.</summary>
public sealed class SourceMappingTests
{
    private const string At = "2026-02-25T14:30:00.000Z";

    [Fact]
    public void Easypost_is_mapped()
    {
        const string body = """
            {"id":"evt_demo1","object":"Event","description":"tracker.updated","result":{"id":"trk_demo1","tracking_code":"EZ1",
            "status":"delivered","carrier":"Demo","updated_at":"2026-02-25T14:30:00Z"}}
            """;

        MappingOf(SampleMappings.Easypost).Single(body)
            .ShouldBe($"evt_demo1 m-1 EZ1 Delivered {At} last 2026-02-25T14:30:00.999Z");
    }

    [Fact]
    public void Ups_is_mapped()
    {
        const string body = """
            {"trackingNumber":"1ZDEMO","activityStatus":{"type":"D","code":"FS"},
            "gmtActivityDate":"20260225","gmtActivityTime":"143000"}
            """;
        var ups = MappingOf(SampleMappings.Ups);

        ups.Single(body).ShouldBe($"1ZDEMO|D|FS|20260225143000 m-1 1ZDEMO Delivered {At} last 2026-02-25T14:30:00.999Z");
        ups.Single(body.Replace("D\"", "M\"").Replace(",\"code\":\"FS\"", ""))
            .ShouldBe($"1ZDEMO|M||20260225143000 m-1 1ZDEMO Created {At}");
        ups.Single(body.Replace("FS", "OT")).ShouldBe($"1ZDEMO|D|OT|20260225143000 m-1 1ZDEMO Updated? {At}");
    }

    [Fact]
    public void Dhl_is_mapped_item_by_item()
    {
        const string first = """
            {"id":"JD1","status":{"timestamp":"2026-02-25T14:30:00","statusCode":"delivered"},"origin":{"a":1.0}}
            """;
        const string second = """{"id":"JD2","status":{"timestamp":"2026-02-25T14:31:00","statusCode":"transit"}}""";
        var dhl = MappingOf(SampleMappings.Dhl);

        var request = dhl.Map($$"""{"scope":"subscription.push","shipments":[{{first}}, {{second}},{"id":"JD3"}]}""");

        request.Items.Select(SampleMappings.Text).ShouldBe(
        [
            $"JD1|delivered|2026-02-25T14:30:00 m-1 JD1 Delivered {At} last 2026-02-25T14:30:00.999Z",
            "JD2|transit|2026-02-25T14:31:00 m-1 JD2 Updated? 2026-02-25T14:31:00.000Z",
            "Map.Type: $.status.statusCode is missing; Map.Id: $.status.statusCode is missing; "
                + "Map.OccurredAt: $.status.timestamp is missing",
        ]);
        request.Items.Select(item => Encoding.UTF8.GetString(item.Slice.Span)).ShouldBe([first, second, """{"id":"JD3"}"""]);
        request.Items.Select(item => item.Index).ShouldBe([0, 1, 2]);
        request.Items[0].Event!.Details.ShouldBe("""{"origin":{"a":1.0}}""");
        request.Items[1].Event!.Details.ShouldBe("{}");
    }

    [Theory]
    [InlineData("""{"scope":"subscription.validate","secret":"s"}""", "skipped, kept")]
    [InlineData("""{"scope":"SUBSCRIPTION.PUSH","shipments":[]}""", "0 items")]
    [InlineData("""{"scope":"subscription.push"}""", "Each: the array is missing")]
    [InlineData("""{"scope":"subscription.push","shipments":null}""", "Each: the array is missing")]
    [InlineData("""{"scope":"subscription.push","shipments":{}}""", "Each: the array is missing")]
    [InlineData("""{"scope":"subscription.push","shipments":[1],"shipments":7}""", "Each: the array is missing")]
    [InlineData("""{"scope":"subscription.push","shipments":[1,2],"shipments":[]}""", "0 items")]
    [InlineData("""{"scope":null,"shipments":[]}""", "Take[0].Value: $.scope is missing")]
    [InlineData("""[]""", "Take[0].Value: $.scope is missing")]
    [InlineData("""{"scope":"subscription.push","shipments":[]""", "the body is not valid JSON")]
    [InlineData("", "the body is not valid JSON")]
    [InlineData("{} {}", "the body is not valid JSON")]
    public void Request_of_no_items_says_why(string body, string expected)
    {
        var request = MappingOf(SampleMappings.Dhl).Map(body);

        (request.Unmapped ?? (request.IsSkipped ? $"skipped{(request.IsKept ? ", kept" : "")}" : $"{request.Items.Count} items"))
            .ShouldBe(expected);
    }

    [Theory]
    [InlineData(500, null)]
    [InlineData(501, SourceMapping.TooManyItems)]
    [InlineData(20_000, SourceMapping.TooManyItems)]
    public void More_than_500_items_are_too_many(int items, string? expected)
    {
        var body = $$"""{"scope":"subscription.push","shipments":[{{string.Join(',', Enumerable.Range(0, items))}}]}""";

        var request = MappingOf(SampleMappings.Dhl).Map(body);

        request.Unmapped.ShouldBe(expected);
        request.Items.Count.ShouldBe(expected is null ? items : 0);
    }

    [Fact]
    public void Usps_reads_the_json_inside_its_text_and_its_digest_covers_what_is_signed()
    {
        const string payload = """{\"trackingNumber\":\"9400\",\"status\":\"Delivered\"}""";
        const string body = """{"subscriptionId":"s-1","timestamp":"2026-02-25T14:30:00Z","payload":"#"}""";
        var digest = Hash("2026-02-25T14:30:00Z" + payload.Replace("\\", ""));
        var usps = MappingOf(SampleMappings.Usps);

        usps.Single(body.Replace("#", payload)).ShouldBe($"{digest} m-1 9400 Delivered {At} last 2026-02-25T14:30:00.999Z");
        usps.Single(body.Replace("#", payload).Replace("s-1", "s-2")).ShouldStartWith(digest);
        usps.Single(body.Replace("#", "no JSON"))
            .ShouldBe("Map.Type: $$.status is missing; Map.Shipment: $$.trackingNumber is missing");
    }

    [Theory]
    [InlineData("3", "tk1|3|1772029800000 m-1 tk1 Delivered 2026-02-25T14:30:00.000Z last 2026-02-25T14:30:00.000Z")]
    [InlineData("6", "tk1|6|1772029800000 m-1 tk1 Created 2026-02-25T14:30:00.000Z")]
    [InlineData("5", "skipped")]
    public void Onfleet_is_mapped(string trigger, string expected)
        => MappingOf(SampleMappings.Onfleet).Single($$"""{"taskId":"tk1","triggerId":{{trigger}},"time":1772029800000}""")
            .ShouldBe(expected);

    [Fact]
    public void Two_nested_arrays_are_items_with_what_encloses_them()
    {
        const string body = """
            {"id":"x1","output":{"results":[
              {"number":"FX1","tracks":[{"code":"DL"},{"code":"IT"}]},
              {"number":"FX2","tracks":[]},
              {"number":"FX3"},
              {"tracks":[{"code":"OC"}],"number":"FX4","tracks":[{"code":"PU"}]}]}}
            """;
        var fedex = MappingOf(new MappingDefinition
        {
            Each = "$.output.results[*].tracks[*]",
            Merchant = "{^^.id}",
            Id = "{^.number}|{$.code}",
            Shipment = "^.number",
            Type = "$.code",
        });

        fedex.Map(body).Items.Select(SampleMappings.Text).ShouldBe(
        [
            $"FX1|DL x1 FX1 Updated? {SampleMappings.Received}",
            $"FX1|IT x1 FX1 Updated? {SampleMappings.Received}",
            "Each: the array is missing",
            $"FX4|PU x1 FX4 Updated? {SampleMappings.Received}",
        ]);
    }

    [Fact]
    public void Item_and_body_are_read_at_the_same_element()
    {
        var mapping = MappingOf(new MappingDefinition
        {
            Each = "$[*]",
            Merchant = "{^[0].id}-{^^[-1].id}",
            Id = "$.id",
            Shipment = "{$['id']}",
            Type = "t",
        });

        mapping.Map("""[{"id":1},{"id":2}]""").Items.Select(SampleMappings.Text).ShouldBe(
        [
            $"1 1-2 1 Updated? {SampleMappings.Received}",
            $"2 1-2 2 Updated? {SampleMappings.Received}",
        ]);
    }

    [Fact]
    public void Digest_is_of_the_body_as_sent_or_of_the_item()
    {
        var definition = new MappingDefinition { Merchant = "m", Shipment = "s", Type = "t" };

        MappingOf(definition).Single("\uFEFF{}").ShouldStartWith(Hash("\uFEFF{}"));
        MappingOf(definition with { Each = "$[*]" }).Single("""[ {"a" : 1} ]""").ShouldStartWith(Hash("""{"a" : 1}"""));
    }

    [Theory]
    [InlineData(256, 'a', false)]
    [InlineData(257, 'a', true)]
    [InlineData(256, 'é', false)]
    [InlineData(257, 'é', true)]
    [InlineData(171, '€', true)]
    public void Id_that_is_too_long_is_replaced_by_its_hash(int length, char c, bool isHashed)
    {
        var id = new string(c, length);
        var mapping = MappingOf(new MappingDefinition { Merchant = "m", Id = "$.id", Shipment = "s", Type = "t" });

        mapping.Single($$"""{"id":"{{id}}"}""").ShouldStartWith((isHashed ? "sha256:" + Hash(id) : id) + " ");
    }

    [Fact]
    public void Other_breaches_of_the_field_rules_are_unmapped()
    {
        var mapping = MappingOf(new MappingDefinition { Merchant = "{$.m?}", Id = "$.id", Shipment = "$.s", Type = "t" });

        mapping.Single($$"""{"id":"a\u0000","m":"","s":"{{new string('s', 257)}}"}""").ShouldBe(
            "Map.Id: must not contain control characters; Merchant: must not be blank; "
            + "Map.Shipment: must have at most 256 characters and 512 UTF-8 bytes");
    }

    [Fact]
    public void Path_copies_the_json_and_a_template_is_a_string()
    {
        var mapping = MappingOf(new MappingDefinition
        {
            Merchant = "m",
            Shipment = "s",
            Type = "t",
            Destination = "{$.to}",
            Weight = "{$.kg} kg",
        });

        var e = mapping.Map("""{"origin":[1, 2.50],"to":"say \"hi\"","kg":1e400}""").Items.Single().Event!;

        e.Details.ShouldBe("""{"origin":[1, 2.50],"destination":"say \u0022hi\u0022","weight":"1e400 kg"}""");
    }

    [Fact]
    public void Time_of_another_format_is_unmapped()
        => MappingOf(SampleMappings.Onfleet).Single($$"""{"taskId":"a","triggerId":3,"time":"{{new string('x', 70)}}"}""")
            .ShouldBe($"Map.OccurredAt: '{new string('x', 64)}…' is no time of the configured format");

    [Fact]
    public void All_errors_are_told_at_once()
    {
        var errors = new List<string>();

        SourceMapping.TryCompile(new MappingDefinition
        {
            Inner = "$.a[*]",
            Each = "$.items",
            Take = [new("{digest}", []), new("^.x", ["a"])],
            Id = "{received}",
            Type = "$$.t",
            Types = new Dictionary<string, IReadOnlyList<string>> { ["GONE"] = ["x"] },
            OccurredAt = new("{$.t", "Unix", "Mars"),
            Origin = "{",
            Weight = "$.",
        }, errors).ShouldBeNull();

        errors.Select(error => error.Split(':')[0]).ShouldBe(
        [
            "Each", "Inner", "Take[0].Is is empty", "Take[0].Value", "Take[1].Value", "Map.Types.GONE is no type",
            "Map.OccurredAt",
            "Merchant is required", "Map.Id", "Map.Shipment is required", "Map.OccurredAt", "Map.Weight",
        ]);
    }

    [Theory]
    [InlineData(null, null, "fixed", "Map.Id: 'fixed' is the same for every request; only the first would be an event")]
    [InlineData("$[*]", null, "{header.id}",
        "Map.Id: '{header.id}' is the same for every item of Each; add a $ path or {digest}")]
    [InlineData("$[*]", null, "{^.id}", "Map.Id: '{^.id}' is the same for every item of Each; add a $ path or {digest}")]
    [InlineData(null, null, "^.id", "Map.Id: ^.id needs Each; without it the body is $")]
    [InlineData(null, null, "{^^.id}", "Map.Id: ^^.id needs Each; without it the body is $")]
    [InlineData(null, null, "$$.id", "Map.Id: $$.id needs Inner, the field of the body that holds JSON")]
    [InlineData("$.a[*][*][*]", null, "$.id",
        "Each: $.a[*][*][*] must have one or two [*] and end with one, such as $.shipments[*]")]
    [InlineData("$.a[*].b", null, "$.id", "Each: $.a[*].b must have one or two [*] and end with one, such as $.shipments[*]")]
    [InlineData("$$.a[*]", "$.b", "$.id", "Each: $$.a[*] must begin with $, the body")]
    [InlineData(null, "$$.a", "$.id", "Inner: $$.a must name one field of the body, $.…")]
    [InlineData(null, "a", "$.id", "Inner: a is no path: it begins with none of $, $$, ^, ^^")]
    public void Error_names_the_cure(string? each, string? inner, string id, string expected)
    {
        var errors = new List<string>();

        var all = new MappingDefinition { Each = each, Inner = inner, Id = id, Merchant = "m", Shipment = "s", Type = "t" };
        SourceMapping.TryCompile(all, errors).ShouldBeNull();

        errors.ShouldBe([expected]);
    }

    private static SourceMapping MappingOf(MappingDefinition definition)
    {
        var errors = new List<string>();
        var mapping = SourceMapping.TryCompile(definition, errors);
        errors.ShouldBeEmpty();
        return mapping.ShouldNotBeNull();
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
