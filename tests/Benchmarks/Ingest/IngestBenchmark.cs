using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Features.ReceiveEvent;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Sources;
using Gateway.Shared.Time;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gateway.Benchmarks.Ingest;

/// <summary>The steps of ingest, each for one webhook of 300 bytes.</summary>
public class IngestBenchmark : IDisposable
{
    private const int Group = 100;
    private const string Secret = "a-secret-of-thirty-two-characters";
    private const string OccurredAt = "2026-02-25T14:30:00.000Z";

    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        $$$"""
        {"eventId":"evt-0190a0b0-0102-7304-8506","merchantId":"merchant-17","shippingCompanyId":"dhl",
        "shipmentId":"shp-0190a0b0-0102-7304","type":"SHIPMENT_CREATED","occurredAt":"{{{OccurredAt}}}",
        "payload":{"origin":"Cairo","destination":"Alexandria","weight":2.5,"items":3}}
        """);

    private readonly WebhookSignature _signatures;
    private readonly HmacMiddleware _hmac;
    private readonly ReceiveEventValidator _validator = new(new CurrentSources(SourceTable.Empty));
    private readonly ReceiveEventCommand _command = new(Sent(), Body, new HeaderDictionary());
    private readonly DefaultHttpContext _http = new();
    private readonly AcceptedEvent[] _group = [.. Enumerable.Range(0, Group).Select(AcceptedEventOf)];
    private readonly byte[] _body = Body;
    private readonly string _occurredAt = OccurredAt;
    private readonly byte[] _message;

    public IngestBenchmark()
    {
        var options = Options.Create(new WebhookOptions { Secret = Secret });
        _signatures = new WebhookSignature(options, new CurrentSources(SourceTable.Empty), TimeProvider.System);
        _hmac = new HmacMiddleware(
            _ => Task.CompletedTask, _signatures, new BodyBudget(options, TimeProvider.System), new SenderLimits(options),
            Telemetry(), options);
        _message = AcceptedEventEncoding.Encode(_group, Group).Single().Message;
        _http.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new HmacSignedAttribute()), "ingest"));
        _http.Request.ContentType = "application/json";
        _http.Request.ContentLength = Body.Length;
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Body);
        _http.Request.Headers[HmacMiddleware.Header] = Convert.ToHexStringLower(signature);
    }

    [Benchmark]
    public Task CheckSignature()
    {
        _http.Request.Body = new MemoryStream(Body);
        return _hmac.InvokeAsync(_http);
    }

    [Benchmark]
    public object? Parse() => ReceiveEventDto.TryParse(_body, out var sent, out _) ? sent : null;

    [Benchmark]
    public object Validate() => _validator.Validate(_command);

    [Benchmark]
    public object? ReadTime() => IsoTime.Parse(_occurredAt);

    [Benchmark]
    public string KeyText() => _group[0].Key.ToString();

    /// <summary>Envelope and frame.</summary>
    [Benchmark(OperationsPerInvoke = Group)]
    public int Encode() => AcceptedEventEncoding.Encode(_group, Group).Count();

    [Benchmark(OperationsPerInvoke = Group)]
    public int Decode() => AcceptedEventEncoding.Decode(_message, DateTimeOffset.UnixEpoch).Count;

    public void Dispose()
    {
        _signatures.Dispose();
        GC.SuppressFinalize(this);
    }

    private static ReceiveEventDto Sent()
        => ReceiveEventDto.TryParse(Body, out var sent, out _) ? sent : throw new InvalidOperationException("The body is valid.");

    private static ReceiveEventTelemetry Telemetry()
        => ActivatorUtilities.CreateInstance<ReceiveEventTelemetry>(new ServiceCollection()
            .AddMetrics().AddOptions().AddLogging().AddSingleton(TimeProvider.System)
            .AddSingleton<GatewayMetrics>().AddSingleton(new GatewayTracing(new QueueNames("none", "none")))
            .AddSingleton<RejectedRequestLog>()
            .AddSingleton<ConflictTelemetry>().AddSingleton<SourceLedger>()
            .BuildServiceProvider());

    private static AcceptedEvent AcceptedEventOf(int i) => new()
    {
        AcceptId = Guid.CreateVersion7(),
        Key = new EventKey("dhl", $"evt-0190a0b0-0102-7304-{i}"),
        MerchantId = "merchant-17",
        ShipmentId = $"shp-0190a0b0-0102-{i}",
        Type = EventType.Created,
        OccurredAt = DateTimeOffset.UtcNow,
        ReceivedAt = DateTimeOffset.UtcNow,
        SecretId = AcceptedEvent.BuiltInSecretId,
        Details = Sent().Details,
        Body = Body,
        Headers = """{"user-agent":"courier/1.0"}""",
        Traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    };
}
