using System.Net;
using Gateway.Shared.RabbitMq;

namespace Gateway.Shared.Tests.RabbitMq;

public sealed class RabbitMqNodesTests
{
    [Fact]
    public async Task Connection_after_a_lost_one_begins_with_the_next_node()
    {
        var nodes = NodesOf("amqp://a:1/v, amqp://b:2/v\namqps://c/v");
        var last = (await RabbitMqNodes.InOrderAsync(nodes, null)).Single(one => one.Node.HostName == "b").Node;

        var order = await RabbitMqNodes.InOrderAsync(nodes, last);

        order.Select(one => RabbitMqNodes.NameOf(one.Node)).ShouldBe(["c:5671", "a:1", "b:2"]);
        order[0].Node.Ssl.ServerName.ShouldBe("c");
        order[0].Uri.ShouldBe(new Uri("amqps://c/v"));
    }

    [Fact]
    public async Task Every_address_of_a_name_is_a_node()
    {
        var addresses = await Dns.GetHostAddressesAsync("localhost");

        var order = await RabbitMqNodes.InOrderAsync(NodesOf("amqp://localhost"), null);

        order.Select(one => one.Node.HostName).ShouldBe(
            addresses.Length > 1 ? addresses.Select(address => $"{address}") : ["localhost"], ignoreOrder: true);
    }

    private static IReadOnlyList<Uri> NodesOf(string url) => new RabbitMqOptions { Url = url }.Nodes;
}
