using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Routing;
using Gateway.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Tests.Routing;

/// <summary>The client and its breaker over a scripted service and a clock that stands still.</summary>
internal sealed class RoutingFixture
{
    public RoutingFixture(SteppedTime? time = null, Action<RoutingOptions>? configure = null)
    {
        Time = time ?? new SteppedTime();
        var options = new RoutingOptions { Url = new Uri("http://routing.test/v1/routing-service") };
        configure?.Invoke(options);
        Pace = new CallPace(Options.Create(options), Time);
        Circuits = new RoutingCircuits(Options.Create(options), Pace, Time, NullLogger<RoutingCircuits>.Instance);
        Target = new RoutingTarget(Options.Create(options), server: null!);
        Client = new RoutingServiceClient(Http, Target, Circuits, Options.Create(options), Time);
    }

    public SteppedTime Time { get; }

    public ScriptedHttp Http { get; } = new();

    public RoutingTarget Target { get; }

    public CallPace Pace { get; }

    public RoutingCircuits Circuits { get; }

    public RoutingServiceClient Client { get; }

    public static EventEntity Event(string id = "dhl:1", string merchant = "m-1") => new()
    {
        Key = new EventKey("dhl", id),
        MerchantId = merchant,
        ShipmentId = "s-1",
        Type = EventType.Updated,
        OccurredAt = new DateTimeOffset(2026, 2, 25, 12, 0, 0, TimeSpan.Zero),
        ReceivedAt = new DateTimeOffset(2026, 2, 25, 12, 0, 1, TimeSpan.Zero),
        Details = """{"weight":1.0}""",
    };

    /// <summary>Of a merchant at the built-in source.</summary>
    public static RoutingScope ScopeOf(string merchant) => new(CanonicalEvent.BuiltInSource, merchant);

    public Task<RoutingResponse> AskAsync(string merchant = "m-1")
        => Client.RouteAsync(Event(merchant: merchant), CancellationToken.None);

    public Task<RoutingResponse> AskAsync(Func<Task<HttpResponseMessage>> answer, string merchant = "m-1")
    {
        Http.Answer = _ => answer();
        return AskAsync(merchant);
    }

    public async Task AskAsync(int times, Func<Task<HttpResponseMessage>> answer, string merchant = "m-1")
    {
        for (var i = 0; i < times; i++) await AskAsync(answer, merchant);
    }

    /// <summary>The circuit of all, and the merchant's own.</summary>
    public Task OpenCircuitAsync() => AskAsync(10, () => ScriptedHttp.Status(500));
}
