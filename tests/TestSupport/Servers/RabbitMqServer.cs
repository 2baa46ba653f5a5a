using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Testcontainers.RabbitMq;

namespace Gateway.TestSupport.Servers;

/// <summary>A real RabbitMQ.</summary>
public sealed class RabbitMqServer : TestServer
{
    private const string Name = "RabbitMQ";
    private static readonly Lazy<Task<RabbitMqServer>> TheShared = new(FindAsync);

    private readonly RabbitMqNode? _node;

    private RabbitMqServer(Uri url, RabbitMqNode? node = null, bool isShared = true)
        : base(node?.Broker, isShared) => (Url, _node) = (url, node);

    public Uri Url { get; }

    /// <summary>Its name in the cluster.</summary>
    internal string NodeName => _node!.Name;

    /// <summary>The one of this process; use queues and exchanges of your own.</summary>
    public static Task<RabbitMqServer> SharedAsync() => ServerSource.UseAsync(Name, true, () => TheShared.Value);

    /// <summary>One of the caller's own, to be broken.</summary>
    public static Task<RabbitMqServer> StartAsync(string partitionHandling = "ignore")
        => ServerSource.UseAsync(Name, RabbitMqNode.IsHere, () => StartAsync(false, partitionHandling));

    /// <summary>Raised, the broker blocks every connection that publishes, until it is cleared.</summary>
    public Task SetMemoryAlarmAsync(bool raised)
        => _node!.ControlAsync("set_vm_memory_high_watermark", raised ? "0" : "0.6");

    /// <summary>
    /// To be called between the declaration of a quorum queue and a kill: the broker saves the names of its quorum queues up to
    /// 3.5 s later, and without its name a queue comes back without its messages (seen on 3.10.8).
    /// </summary>
    public Task SaveQueueNamesAsync() => EvaluateAsync("[ok = dets:sync(Table) || Table <- dets:all()].");

    /// <summary>Makes this node of a cluster decide about the messages of a quorum queue.</summary>
    public Task LeadAsync(string queue) => Until.TrueAsync(
        () => EvaluateAsync(
            $$$"""
            {ok, Queue} = rabbit_amqqueue:lookup(rabbit_misc:r(<<"/">>, queue, <<"{{{queue}}}">>)),
            {Name, _} = Some = amqqueue:get_pid(Queue),
            case ra:members(Some) of
              {ok, _, {_, Leader}} when Leader == node() -> leads;
              {ok, _, Leader} -> ra:transfer_leadership(Leader, {Name, node()});
              Else -> Else
            end.
            """),
        answer => answer.StartsWith("leads", StringComparison.Ordinal));

    /// <summary>Users, permissions and queues of a file, which replace those of the same name.</summary>
    public Task ImportAsync(string definitions) => _node!.ControlAsync("import_definitions", definitions);

    /// <summary>Evaluates an Erlang expression.</summary>
    internal Task<string> EvaluateAsync(string expression) => _node!.ControlAsync("eval", expression);

    /// <summary>Another node, which joins the cluster of this one.</summary>
    internal async Task<RabbitMqServer> StartNeighbourAsync()
    {
        var server = Of(_node!.Neighbour(), isShared: false);
        await server.LaunchAsync();
        return server;
    }

    private protected override ValueTask EndAsync() => _node?.DisposeAsync() ?? ValueTask.CompletedTask;

    private protected override async Task<bool> IsReadyAsync()
    {
        if (!await ServerSource.ListensAsync(Url.Port)) return false;
        try
        {
            await using var connection = await new ConnectionFactory { Uri = Url, AutomaticRecoveryEnabled = false }
                .CreateConnectionAsync();
            return true;
        }
        catch (BrokerUnreachableException)
        {
            return false;
        }
    }

    private static Task<RabbitMqServer> FindAsync() => ServerSource.FindAsync(
        Name, "GATEWAY_TEST_RABBITMQ_URL", url => new RabbitMqServer(new Uri(url)),
        RabbitMqNode.IsHere ? () => StartAsync(true) : null, ContainAsync);

    private static async Task<RabbitMqServer> StartAsync(bool isShared, string partitionHandling = "ignore")
    {
        var server = Of(await RabbitMqNode.PrepareAsync(partitionHandling), isShared);
        await server.LaunchAsync();
        return server;
    }

    private static RabbitMqServer Of(RabbitMqNode node, bool isShared)
        => new(new Uri($"amqp://guest:guest@127.0.0.1:{node.Port}"), node, isShared);

    private static async Task<RabbitMqServer> ContainAsync()
    {
        var container = new RabbitMqBuilder("rabbitmq:4.1-alpine").Build();
        await container.StartAsync();
        return new RabbitMqServer(new Uri(container.GetConnectionString()));
    }
}
