using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Gateway.Shared.Errors;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Routing;

/// <summary>
/// At the start of a worker: asks the address of the routing service once, without an event, and logs what it found. An address
/// of this very process that has no stub stops the start.
/// </summary>
internal sealed class RoutingAddressCheck(
    IHttpClientFactory http, RoutingTarget target, EndpointDataSource endpoints, ILogger<RoutingAddressCheck> log)
    : IHostedLifecycleService
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        if (!target.IsStubOfThisProcess && await IsThisProcessAsync())
        {
            throw new StartupException(
                $"{RoutingOptions.Section}:Url: {target.Address} is this process, which has no routing service at that address.");
        }

        _ = Task.Run(AskAsync, CancellationToken.None);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task AskAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, target.Url);
            target.AddHeadersTo(request.Headers);
            using var response = await http.CreateClient(RoutingServiceClient.HttpClientName)
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            EventsGatewayLog.RoutingServiceAnswered(log, target.Address, (int)response.StatusCode);
        }
        catch (Exception fault)
        {
            var reason = fault is OperationCanceledException
                ? $"no answer within {Deadline.TotalSeconds} s"
                : TransportFault.Text(fault, target.Url, HttpClient.DefaultProxy);
            EventsGatewayLog.RoutingServiceUnreachable(log, target.Address, reason);
        }
    }

    private async Task<bool> IsThisProcessAsync()
    {
        if (!target.HasPortOfThisProcess || ServesStub()) return false;
        try
        {
            using var deadline = new CancellationTokenSource(Deadline);
            var addresses = await Dns.GetHostAddressesAsync(target.Url.Host, deadline.Token);
            return addresses.Any(address => IPAddress.IsLoopback(address) || IsOfThisMachine(address));
        }
        catch (Exception unknown) when (unknown is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    private bool ServesStub()
        => target.Url.AbsolutePath.Trim('/').Equals(RoutingTarget.StubPath, StringComparison.OrdinalIgnoreCase)
            && endpoints.Endpoints.OfType<RouteEndpoint>().Any(
                endpoint => endpoint.RoutePattern.RawText?.Trim('/') == RoutingTarget.StubPath);

    private static bool IsOfThisMachine(IPAddress address) => NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(card => card.GetIPProperties().UnicastAddresses).Any(own => own.Address.Equals(address));
}
