using System.Runtime.CompilerServices;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;

namespace Gateway.EventsGateway.Distributed.Tests;

/// <summary>Runs before all tests: every host of this process uses RabbitMQ, Redis and MongoDB.</summary>
internal static class OnRealBackends
{
    [ModuleInitializer]
    internal static void Choose() => GatewayHost.Backends = Backends.SharedAsync;
}
