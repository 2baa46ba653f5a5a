using System.Text;
using CsCheck;
using Gateway.Shared.Json;

namespace Gateway.Shared.Tests.Json;

public sealed class JsonHashTests
{
    [Theory]
    [InlineData("""{"a":1,"b":2}""", """{"b":2,"a":1}""")]
    [InlineData("""{"a":{"x":[],"y":{}},"b":"t"}""", "\uFEFF { \"b\" : \"t\",\n\t\"a\":{\"y\":{ },\"x\":[ ]}}\r\n")]
    [InlineData("""{"a":"A\/é"}""", """{"\u0061":"\u0041/\u00e9"}""")]
    public void Order_of_members_white_space_and_escapes_do_not_matter(string one, string other)
        => HashOf(one).ShouldBe(HashOf(other));

    [Theory]
    [InlineData("""{"a":1,"b":2}""", """{"a":2,"b":1}""")]
    [InlineData("""{"a":1}""", """{"a":"1"}""")]
    [InlineData("""{"a":1}""", """{"a":1.0}""")]
    [InlineData("""{"a":[1,2]}""", """{"a":[2,1]}""")]
    [InlineData("""{"a":[[1],2]}""", """{"a":[[1,2]]}""")]
    [InlineData("""{"a":{}}""", """{"a":[]}""")]
    [InlineData("""{"a":null}""", "{}")]
    [InlineData("""{"a":{"b":1},"c":2}""", """{"a":{"b":1,"c":2}}""")]
    [InlineData("""{"a":"b c"}""", """{"a":"bc"}""")]
    [InlineData("""{"ab":"c"}""", """{"a":"bc"}""")]
    [InlineData("""{"a":""}""", """{"":"a"}""")]
    [InlineData("""{"a":"12345678"}""", """{"a":"12345678\u0000"}""")]
    public void Everything_else_matters(string one, string other) => HashOf(one).ShouldNotBe(HashOf(other));

    /// <summary>Processes of different versions compare the hashes that they have put into the cache.</summary>
    [Fact]
    public void Hash_of_a_text_stays_the_same_for_ever()
        => HashOf("""{"eventId":"evt-1","payload":{"weight":1.5,"tags":["a",null,true]}}""").ShouldBe(8950134786112984508UL);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} x")]
    public void Bytes_that_are_no_JSON_have_a_hash_too(string text) => HashOf(text).ShouldNotBe(HashOf(text + " "));

    [Fact]
    public void Any_bytes_are_hashed()
        => Gen.Byte.Array[0, 100].Sample(bytes => JsonHash.AreEqual(bytes, [.. bytes]).ShouldBeTrue());

    private static ulong HashOf(string text) => JsonHash.Of(Encoding.UTF8.GetBytes(text));
}
