using Gateway.Shared.Http;
using Microsoft.AspNetCore.Http;

namespace Gateway.Shared.Tests.Http;

public sealed class RequestIdTests
{
    [Theory]
    [InlineData("4bf92f3577b34da6a3ce929d0e0e4736")]
    [InlineData("Root=1-67891233-abcdef012345678912345678")]
    [InlineData("a/b+c==")]
    [InlineData("user@host:1.2_3")]
    public void Plain_id_of_the_sender_is_taken(string id) => RequestId.SentIn(HeadersWith(id)).ShouldBe(id);

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("<script>")]
    [InlineData("a,b")]
    [InlineData("\"quoted\"")]
    [InlineData("Caf\u00e9")]
    public void Other_id_is_not_taken(string id) => RequestId.SentIn(HeadersWith(id)).ShouldBeNull();

    [Fact]
    public void Long_or_repeated_id_is_not_taken()
    {
        RequestId.SentIn(HeadersWith(new string('a', 128))).ShouldNotBeNull();
        RequestId.SentIn(HeadersWith(new string('a', 129))).ShouldBeNull();
        RequestId.SentIn(HeadersWith("a", "b")).ShouldBeNull();
        RequestId.SentIn(new HeaderDictionary()).ShouldBeNull();
    }

    private static HeaderDictionary HeadersWith(params string[] ids) => new() { [RequestId.Header] = ids };
}
