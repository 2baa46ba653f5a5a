using System.Text;
using Gateway.EventsGateway.Features.EraseEvents;

namespace Gateway.EventsGateway.Tests.Features.EraseEvents;

public sealed class ValueSearchTests
{
    [Theory]
    [InlineData("""{"a":{"b":["x","S-1"]}}""", "S-1", true)]
    [InlineData("""{"a":"\u0053-1"}""", "S-1", true)]
    [InlineData("""{"S-1":{}}""", "S-1", true)]
    [InlineData("""{"a":229255084490768384}""", "229255084490768384", true)]
    [InlineData("""{"payload":"{\"number\":\"S-1\"}"}""", "S-1", true)]
    [InlineData("""{"payload":"[{\"payload\":\"{\\\"n\\\":\\\"S-1\\\"}\"}]"}""", "S-1", true)]
    [InlineData("""{"a":"S-10","b":"XS-1","c":"about S-1"}""", "S-1", false)]
    [InlineData("""{"a":12}""", "1", false)]
    [InlineData("""{"a":true,"b":null}""", "true", false)]
    [InlineData("""{"a":"\ud800","b":"S-1"}""", "S-1", true)]
    [InlineData("\uFEFF{\"a\":\"S-1\"}", "S-1", true)]
    [InlineData("number=S-1&state=done", "S-1", true)]
    [InlineData("<n>S-1</n>", "S-1", true)]
    [InlineData("{\"a\":\"S-1\"", "S-1", true)]
    [InlineData("S-10 S-1x S-1-2 S-1_ S-1é éS-1", "S-1", false)]
    [InlineData("S-10 S-1", "S-1", true)]
    [InlineData("", "S-1", false)]
    [InlineData("""{"a":"größe"}""", "größe", true)]
    public void An_id_is_found_as_a_whole_value_or_word(string body, string id, bool isFound)
        => ValueSearch.Has(Encoding.UTF8.GetBytes(body), Encoding.UTF8.GetBytes(id)).ShouldBe(isFound);
}
