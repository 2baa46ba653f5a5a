using System.Globalization;
using System.Text;
using Gateway.EventsGateway.Repositories.Mongo;
using MongoDB.Bson;

namespace Gateway.EventsGateway.Tests.Repositories.Mongo;

/// <summary>What the courier sent is shown as far as BSON can hold it; what it cannot hold is never a failure.</summary>
public sealed class PayloadProjectionTests
{
    [Fact]
    public void Payload_keeps_its_structure()
    {
        var payload = Of("""{"payload":{"origin":"Cairo","weight":1.5,"tags":["a",null,true],"deep":{"n":7}}}""");

        payload.IsPartial.ShouldBeFalse();
        payload.Value.ShouldBe(new BsonDocument
        {
            { "origin", "Cairo" }, { "weight", 1.5 }, { "tags", new BsonArray { "a", BsonNull.Value, true } },
                { "deep", new BsonDocument("n", 7) },
        });
    }

    [Fact]
    [Trait("Defect", "S10")]
    public void Empty_payload_is_an_empty_document_and_a_missing_one_is_null()
    {
        Of("""{"payload":{}}""").Value.ShouldBe(new BsonDocument());
        Of("{}").ShouldBe(default);
        PayloadProjection.Of([]).ShouldBe(default);
    }

    [Theory]
    [InlineData("""{"$where":"1","a":1}""")]
    [InlineData("""{"x.y":2,"a":1}""")]
    [InlineData("""{"n\u0000l":2,"a":1}""")]
    [InlineData("""{"\ud800":2,"a":1}""")]
    [Trait("Defect", "B16")]
    public void Name_that_the_store_rejects_is_left_out_with_its_value(string payload)
    {
        var shown = Of($$"""{"payload":{{payload}}}""");

        shown.IsPartial.ShouldBeTrue();
        shown.Value.ShouldBe(new BsonDocument("a", 1));
    }

    [Theory]
    [InlineData("constructor")]
    [InlineData("__proto__")]
    [InlineData("_id")]
    [InlineData("")]
    [Trait("Defect", "B16")]
    public void Any_other_name_stays(string name)
        => Of($$$"""{"payload":{"{{{name}}}":1}}""").Value.ShouldBe(new BsonDocument(name, 1));

    [Fact]
    public void Texts_that_look_like_fields_or_hold_a_nul_stay_texts()
        => Of("""{"payload":{"a":"$where","b":"x\u0000y"}}""").Value
            .ShouldBe(new BsonDocument { { "a", "$where" }, { "b", "x\0y" } });

    [Fact]
    public void Half_of_a_surrogate_pair_is_left_out()
    {
        var payload = Of("""{"payload":{"a":"\ud800","b":["\udfff",1]}}""");

        payload.IsPartial.ShouldBeTrue();
        payload.Value.ShouldBe(new BsonDocument { { "a", BsonNull.Value }, { "b", new BsonArray { BsonNull.Value, 1 } } });
    }

    [Theory]
    [InlineData("1", BsonType.Int32, "1")]
    [InlineData("1.0", BsonType.Int32, "1")]
    [InlineData("12e2", BsonType.Int32, "1200")]
    [InlineData("-2147483648", BsonType.Int32, "-2147483648")]
    [InlineData("-2147483649", BsonType.Double, "-2147483649")]
    [InlineData("-0", BsonType.Double, "-0")]
    [InlineData("0.10", BsonType.Double, "0.1")]
    [InlineData("1e22", BsonType.Double, "1E+22")]
    [InlineData("9007199254740991", BsonType.Double, "9007199254740991")]
    [InlineData("0.30000000000000004", BsonType.Double, "0.30000000000000004")]
    public void A_number_is_the_one_that_the_original_stored(string number, BsonType type, string shown)
        => NumberOf(number).ShouldBe((type, shown, false));

    [Theory]
    [InlineData("9223372036854775807", "9.223372036854776E+18")]
    [InlineData("12345678901234567890", "1.2345678901234567E+19")]
    [InlineData("0.1234567890123456789", "0.12345678901234568")]
    [InlineData("1e400", "Infinity")]
    [InlineData("1e-400", "0")]
    [Trait("Defect", "S6")]
    public void A_number_that_lost_digits_marks_the_row_as_partial(string number, string shown)
        => NumberOf(number).ShouldBe((shown == "0" ? BsonType.Int32 : BsonType.Double, shown, true));

    [Theory]
    [InlineData("no JSON")]
    [InlineData("""{"payload":{"a":""")]
    [InlineData("[1]")]
    public void Body_without_a_payload_has_no_projection(string body) => Of(body).Value.ShouldBeNull();

    [Fact]
    public void Payload_that_is_too_deep_has_no_projection()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"a":""", 70)) + "1" + new string('}', 70);

        Of($$"""{"payload":{{deep}}}""").ShouldBe(PayloadProjection.LeftOut);
    }

    [Fact]
    public void Last_value_of_a_repeated_name_counts()
        => Of("""{"payload":{"a":1},"payload":{"a":2,"a":3}}""").Value.ShouldBe(new BsonDocument("a", 3));

    private static (BsonType Type, string Shown, bool IsPartial) NumberOf(string number)
    {
        var payload = Of($$$"""{"payload":{"n":{{{number}}}}}""");
        var n = payload.Value.ShouldBeOfType<BsonDocument>()["n"];
        return (n.BsonType, n.ToDouble().ToString("R", CultureInfo.InvariantCulture), payload.IsPartial);
    }

    private static PayloadProjection Of(string body) => PayloadProjection.Of(Encoding.UTF8.GetBytes(body));
}
